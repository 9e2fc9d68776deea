import type { FunctionConfiguration, UpdateFunctionConfigurationRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { provideImageOfRuntime } from "../code/image-code.ts";
import { layeredCode } from "../code/layered-code.ts";
import { describeFunction } from "../describe-function.ts";
import { functionOfLatest } from "../function-address.ts";
import { refuseChange } from "../function-revision.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { deployLayers } from "../layer-rules.ts";
import { refuseForPackage } from "../package-rules.ts";
import { refuseRole } from "../role-rules.ts";
import { refuseSettings, refuseSnapStart } from "../settings-rules.ts";
import { changedSettings } from "../settings.ts";

export async function updateFunctionConfiguration(
  parts: LambdaParts,
  input: UpdateFunctionConfigurationRequest,
  call: CallContext,
): Promise<FunctionConfiguration> {
  const { ports, functions, executables, deployments } = parts;
  await executables.refuse(input.Runtime, ports.executors);
  const address = required(input.FunctionName, "FunctionName");
  let fn = functionOfLatest(functions, call.region, address);
  refuseSettings(input, ports.executors);
  refuseForPackage(fn.latest, input);
  const { runtime, snapStart } = fn.latest.settings;
  refuseSnapStart(input.Runtime ?? runtime, input.SnapStart?.ApplyOn ?? snapStart);
  refuseChange(fn, input.RevisionId);
  refuseRole(ports, input.Role, fn.arn);
  await provideImageOfRuntime(ports, input.Runtime, fn.latest.code, call.signal);
  const layers = input.Layers && (await deployLayers(parts, call.region, input.Layers));
  try {
    // The function may have been deleted, changed or made anew meanwhile: the call is as if it came now.
    fn = functionOfLatest(functions, call.region, address);
    refuseChange(fn, input.RevisionId);
  } catch (error) {
    layers?.merged?.release();
    throw error;
  }
  const { latest } = fn;
  const code = layers === undefined ? deployments.code(fn) : layeredCode(deployments.code(fn), layers.merged);
  latest.settings = changedSettings(latest.settings, input, layers?.facts);
  latest.lastModified = ports.clock.now();
  latest.revisionId = ports.ids.uuid();
  latest.origin = call.origin;
  deployments.update(fn, code);
  return describeFunction(fn, latest);
}
