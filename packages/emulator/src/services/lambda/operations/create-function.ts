import type { Architecture, CreateFunctionRequest, FunctionConfiguration, Runtime } from "@aws-sdk/client-lambda";
import { accountId, functionArn } from "../../../core/arns.ts";
import { validationException } from "../../../protocols/errors.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import type { DeployedCode } from "../code/code-store.ts";
import { deployCode } from "../code/deploy-code.ts";
import {
  findImage,
  imageCode,
  imageFacts,
  imageOfRuntime,
  imagesOf,
  laterImage,
  laterZip,
} from "../code/image-code.ts";
import { layeredCode } from "../code/layered-code.ts";
import type { LaterCode } from "../code/later-code.ts";
import { describeFunction } from "../describe-function.ts";
import { parseFunctionAddress } from "../function-address.ts";
import { invalidParameter, lambdaError } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { deployLayers } from "../layer-rules.ts";
import { packageOf } from "../package-rules.ts";
import { addVersion } from "../publish-version.ts";
import { refuseRole } from "../role-rules.ts";
import { refusePublishTo, refuseSettings, refuseSnapStart } from "../settings-rules.ts";
import { changedSettings, defaultSettings } from "../settings.ts";
import type { CodeFacts, FunctionStore, LambdaFunction, LayerFacts } from "../state/function-store.ts";
import { withTags } from "../tags.ts";

// AWS: the longest name without the rest of an ARN (recorded on AWS).
const maxNameLength = 64;

export async function createFunction(
  parts: LambdaParts,
  input: CreateFunctionRequest,
  call: CallContext,
): Promise<FunctionConfiguration> {
  const { ports, functions, deployments } = parts;
  const name = nameOf(required(input.FunctionName, "FunctionName"), call.region);
  refuseKinds(input);
  refuseSettings(input, ports.executors);
  const tags = withTags({}, input.Tags ?? {});
  const made = packageOf(input);
  refuseSnapStart(made.kind === "zip" ? made.runtime : undefined, input.SnapStart?.ApplyOn);
  refuseExisting(functions, call.region, name);
  // Assumed: that this comes before its code.
  refuseRole(ports, input.Role, functionArn(call.region, name));
  const { facts, code, layers, later } = await (made.kind === "zip"
    ? prepareZip(parts, made, input, call)
    : prepareImage(ports, made.uri, architectureOf(input)));
  try {
    // Another call may have made it meanwhile.
    refuseExisting(functions, call.region, name);
  } catch (error) {
    code.release();
    throw error;
  }
  const { runtime, handler } = made.kind === "zip" ? made : { runtime: undefined, handler: undefined };
  const settings = defaultSettings(name, { runtime, handler, role: required(input.Role, "Role") });
  const fn: LambdaFunction = {
    name,
    region: call.region,
    arn: functionArn(call.region, name),
    tags,
    latest: {
      version: "$LATEST",
      settings: changedSettings(settings, input, layers),
      code: facts,
      lastModified: ports.clock.now(),
      revisionId: ports.ids.uuid(),
      state: "Pending",
      lastUpdate: undefined,
      origin: call.origin,
    },
    published: new Map(),
    aliases: new Map(),
    publication: { number: 0, settings: undefined, code: undefined },
    reservedConcurrency: undefined,
    recursiveLoop: "Terminate",
  };
  const published =
    input.Publish === true ? addVersion(fn, { revisionId: ports.ids.uuid(), state: "Pending" }) : undefined;
  functions.add(fn);
  if (later === undefined) deployments.create(fn, code, published);
  else deployments.createLater(fn, later);
  // AWS: the published version, but with the function's unqualified ARN (recorded on AWS).
  return describeFunction(fn, published ?? fn.latest);
}

/** What a new function runs. */
interface Prepared {
  readonly facts: CodeFacts;
  readonly code: DeployedCode;
  readonly layers: readonly LayerFacts[];
  /** Where its image must be pulled first. */
  readonly later: LaterCode | undefined;
}

async function prepareZip(
  parts: LambdaParts,
  { runtime }: { readonly runtime: Runtime },
  input: CreateFunctionRequest,
  call: CallContext,
): Promise<Prepared> {
  const { ports, codes, executables } = parts;
  await executables.refuse(runtime, ports.executors);
  const layers = await deployLayers(parts, call.region, input.Layers ?? []);
  const code = await deployBeside(layers.merged, () => deployCode(codes, ports, required(input.Code, "Code")));
  try {
    const facts = { sha256: code.sha256, size: code.size, architecture: architectureOf(input) };
    const image = imageOfRuntime(ports, runtime, code);
    const isThere = image === undefined || (await findImage(imagesOf(ports), image)) !== undefined;
    const later = isThere ? undefined : laterZip(ports, runtime, { facts, code });
    return { facts, code, layers: layers.facts, later };
  } catch (error) {
    code.release();
    throw error;
  }
}

async function prepareImage(ports: LambdaParts["ports"], uri: string, architecture: Architecture): Promise<Prepared> {
  const images = imagesOf(ports);
  const found = await findImage(images, uri);
  const facts = imageFacts(uri, found, architecture);
  const code = imageCode(facts);
  const later = found === undefined ? laterImage(ports, { uri, architecture }) : undefined;
  return { facts, code, layers: [], later };
}

function architectureOf({ Architectures: architectures }: CreateFunctionRequest): Architecture {
  return architectures?.[0] ?? "x86_64";
}

/** Code with these layers, which are released where there is no code. */
async function deployBeside(
  layers: DeployedCode | undefined,
  deploy: () => Promise<DeployedCode>,
): Promise<DeployedCode> {
  try {
    return layeredCode(await deploy(), layers);
  } catch (error) {
    layers?.release();
    throw error;
  }
}

function nameOf(text: string, region: string): string {
  const address = parseFunctionAddress(text);
  const isHere =
    address !== undefined &&
    (address.region ?? region) === region &&
    (address.account ?? accountId) === accountId &&
    address.qualifier === undefined;
  // Assumed: a new function's name can be an ARN, but of this account and region only and without a qualifier.
  if (!isHere) throw invalidParameter(`The provided function name or ARN is invalid for a new function: ${text}`);
  // AWS: recorded on AWS.
  if (address.name.length > maxNameLength)
    throw invalidParameter(
      `1 validation error detected: Value '${address.name}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to ${maxNameLength}`,
    );
  if (address.name.includes("."))
    throw validationException(
      `1 validation error detected: Value '${address.name}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9-_]+`,
    );
  return address.name;
}

function refuseKinds(input: CreateFunctionRequest): void {
  if (input.TenancyConfig !== undefined) throw invalidParameter("LocalEmu does not offer tenants (TenancyConfig).");
  if (input.CodeSigningConfigArn !== undefined && input.CodeSigningConfigArn !== "")
    throw invalidParameter("LocalEmu does not offer code signing (CodeSigningConfigArn).");
  refusePublishTo(input);
}

// AWS: the text, with its grammar (AWS users' reports).
function refuseExisting(functions: FunctionStore, region: string, name: string): void {
  if (functions.find(region, name) !== undefined)
    throw lambdaError("ResourceConflictException", `Function already exist: ${name}`);
}
