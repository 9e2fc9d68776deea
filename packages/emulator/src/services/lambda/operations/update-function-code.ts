import type { FunctionConfiguration, UpdateFunctionCodeRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import type { DeployedCode } from "../code/code-store.ts";
import { deployCode } from "../code/deploy-code.ts";
import { findImage, imageCode, imageFacts, imagesOf, provideImage, provideImageOfRuntime } from "../code/image-code.ts";
import { layeredCode } from "../code/layered-code.ts";
import { describeFunction } from "../describe-function.ts";
import { functionOfLatest } from "../function-address.ts";
import { refuseChange } from "../function-revision.ts";
import { invalidParameter } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { addVersion, unchangedVersion } from "../publish-version.ts";
import { refusePublishTo } from "../settings-rules.ts";
import type { CodeFacts, LambdaFunction } from "../state/function-store.ts";

export async function updateFunctionCode(
  parts: LambdaParts,
  input: UpdateFunctionCodeRequest,
  call: CallContext,
): Promise<FunctionConfiguration> {
  const { ports, functions, deployments } = parts;
  const address = required(input.FunctionName, "FunctionName");
  let fn = functionOfLatest(functions, call.region, address);
  refuseOtherPackage(fn, input);
  refusePublishTo(input);
  refuseChange(fn, input.RevisionId);
  const made = await deploy(parts, input, call);
  let { code } = made;
  try {
    // A function that had no code may have needed none.
    if (made.image === undefined) await provideImageOfRuntime(ports, fn.latest.settings.runtime, code, call.signal);
    // The function may have been deleted, changed or made anew meanwhile: the call is as if it came now.
    fn = functionOfLatest(functions, call.region, address);
    refuseOtherPackage(fn, input);
    refuseChange(fn, input.RevisionId);
  } catch (error) {
    code.release();
    throw error;
  }
  code = withLayersOf(code, deployments.code(fn));
  const { latest } = fn;
  const architecture = input.Architectures?.[0] ?? latest.code.architecture;
  const facts: CodeFacts = {
    sha256: code.sha256,
    size: code.size,
    architecture,
    ...(made.image === undefined ? {} : { image: made.image }),
  };
  if (input.DryRun === true) {
    code.release();
    return describeFunction(fn, { ...latest, code: facts });
  }
  latest.lastModified = ports.clock.now();
  latest.revisionId = ports.ids.uuid();
  latest.origin = call.origin;
  // AWS: until an update is in force the function is what it was (AWS docs, function states).
  if (made.isThere) latest.code = facts;
  const unchanged = input.Publish === true && made.isThere ? unchangedVersion(fn) : undefined;
  const published =
    input.Publish === true && unchanged === undefined
      ? addVersion(fn, { code: facts, revisionId: ports.ids.uuid(), state: "Pending" })
      : undefined;
  if (facts.image === undefined || made.isThere) deployments.update(fn, code, published);
  else deployments.updateLater(fn, { uri: facts.image.uri, architecture }, published);
  const answered = published ?? unchanged;
  // AWS: with Publish the published version, by its qualified ARN (recorded on AWS).
  return answered === undefined ? describeFunction(fn, latest) : describeFunction(fn, answered, answered.version);
}

// AWS: recorded on AWS.
function refuseOtherPackage({ latest }: LambdaFunction, { ImageUri: uri }: UpdateFunctionCodeRequest): void {
  if (latest.code.image === undefined && uri !== undefined)
    throw invalidParameter("Please don't provide ImageUri when updating a function with packageType Zip.");
  if (latest.code.image !== undefined && uri === undefined)
    throw invalidParameter("Please provide ImageUri when updating a function with packageType Image.");
}

/** The zip, or the image, which may have to be pulled. Who wants to know what an update would do waits for that. */
async function deploy(
  { ports, codes }: LambdaParts,
  input: UpdateFunctionCodeRequest,
  { signal }: CallContext,
): Promise<{ readonly code: DeployedCode; readonly image: CodeFacts["image"]; readonly isThere: boolean }> {
  const { ImageUri: uri } = input;
  if (uri === undefined) return { code: await deployCode(codes, ports, input), image: undefined, isThere: true };
  const images = imagesOf(ports);
  const found = await (input.DryRun === true ? provideImage(images, uri, signal) : findImage(images, uri));
  const facts = imageFacts(uri, found, "x86_64");
  return { code: imageCode(facts), image: facts.image, isThere: found !== undefined };
}

/** New code beside the layers of the old: both are taken over. */
function withLayersOf(code: DeployedCode, old: DeployedCode): DeployedCode {
  try {
    return layeredCode(code, old.layers?.share());
  } finally {
    old.release();
  }
}
