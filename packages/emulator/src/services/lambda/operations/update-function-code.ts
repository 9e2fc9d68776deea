import type { FunctionConfiguration, UpdateFunctionCodeRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { readCode } from "../code/code-source.ts";
import { describeFunction } from "../describe-function.ts";
import { existingFunction } from "../function-address.ts";
import { refuseChange } from "../function-revision.ts";
import { invalidParameter } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";

export async function updateFunctionCode(
  { ports, functions, codes, deployments }: LambdaParts,
  input: UpdateFunctionCodeRequest,
  call: CallContext,
): Promise<FunctionConfiguration> {
  const address = required(input.FunctionName, "FunctionName");
  const { fn } = existingFunction(functions, call.region, address);
  if (input.ImageUri !== undefined)
    // AWS: recorded on AWS.
    throw invalidParameter("Please don't provide ImageUri when updating a function with packageType Zip.");
  if (input.Publish === true || input.PublishTo !== undefined)
    throw invalidParameter("LocalEmu does not offer published versions (Publish): functions have $LATEST only.");
  refuseChange(fn, input.RevisionId);
  const code = await codes.deploy(await readCode(ports, input));
  try {
    // The function may have been deleted or changed meanwhile.
    existingFunction(functions, call.region, address);
    refuseChange(fn, input.RevisionId);
  } catch (error) {
    code.release();
    throw error;
  }
  const facts = {
    sha256: code.sha256,
    size: code.size,
    architecture: input.Architectures?.[0] ?? fn.code.architecture,
  };
  if (input.DryRun === true) {
    code.release();
    return describeFunction({ ...fn, code: facts });
  }
  fn.code = facts;
  fn.lastModified = ports.clock.now();
  fn.revisionId = ports.ids.uuid();
  fn.origin = call.origin;
  deployments.update(fn, code);
  return describeFunction(fn);
}
