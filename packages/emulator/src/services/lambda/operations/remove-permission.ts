import type { RemovePermissionRequest } from "@aws-sdk/client-lambda";
import { functionArn } from "../../../core/arns.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingFunction, existingTarget, parseFunctionAddress } from "../function-address.ts";
import { policyKey, refuseOtherPolicyRevision, revisePolicy } from "../function-policies.ts";
import { lambdaError } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";

export function removePermission(
  { ports, functions, policies }: LambdaParts,
  input: RemovePermissionRequest,
  call: CallContext,
): void {
  const sid = required(input.StatementId, "StatementId");
  const address = required(input.FunctionName, "FunctionName");
  const name = parseFunctionAddress(address)?.name ?? address;
  // AWS: this text and the two below are recorded on AWS.
  const notFound = lambdaError("ResourceNotFoundException", `No policy found for: ${functionArn(call.region, name)}`);
  existingFunction(functions, call.region, address, { separateQualifier: input.Qualifier, notFound });
  const target = existingTarget(functions, call.region, address, input.Qualifier);
  const policy = policies.get(target.fn, policyKey(target));
  if (policy === undefined)
    throw lambdaError("ResourceNotFoundException", "No policy is associated with the given resource.");
  const rest = policy.filter(({ Sid }) => Sid !== sid);
  if (rest.length === policy.length)
    throw lambdaError("ResourceNotFoundException", `Statement ${sid} is not found in resource policy.`);
  refuseOtherPolicyRevision(target, input.RevisionId);
  revisePolicy(target, ports.ids.uuid());
  if (rest.length === 0) policies.delete(target.fn, policyKey(target));
  else policies.set(target.fn, policyKey(target), rest);
}
