import type { FunctionConfiguration, UpdateFunctionConfigurationRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { describeFunction } from "../describe-function.ts";
import { functionOfLatest } from "../function-address.ts";
import { refuseChange } from "../function-revision.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { refuseSettings } from "../settings-rules.ts";
import { changedSettings } from "../settings.ts";

export async function updateFunctionConfiguration(
  { ports, functions, executables, deployments }: LambdaParts,
  input: UpdateFunctionConfigurationRequest,
  call: CallContext,
): Promise<FunctionConfiguration> {
  await executables.refuse(input.Runtime);
  const fn = functionOfLatest(functions, call.region, required(input.FunctionName, "FunctionName"));
  refuseSettings(input);
  refuseChange(fn, input.RevisionId);
  const { latest } = fn;
  latest.settings = changedSettings(latest.settings, input);
  latest.lastModified = ports.clock.now();
  latest.revisionId = ports.ids.uuid();
  latest.origin = call.origin;
  deployments.update(fn, deployments.code(fn));
  return describeFunction(fn, latest);
}
