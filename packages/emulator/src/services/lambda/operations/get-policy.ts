import type { GetPolicyRequest, GetPolicyResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingTarget } from "../function-address.ts";
import { policyKey, policyRevision } from "../function-policies.ts";
import { lambdaError } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { policyDocument } from "../state/function-policy.ts";

export function getPolicy(
  { functions, policies }: LambdaParts,
  input: GetPolicyRequest,
  call: CallContext,
): GetPolicyResponse {
  const target = existingTarget(functions, call.region, required(input.FunctionName, "FunctionName"), input.Qualifier);
  const policy = policies.get(target.fn, policyKey(target));
  // Assumed: the text, on which other emulators agree.
  if (policy === undefined)
    throw lambdaError("ResourceNotFoundException", "The resource you requested does not exist.");
  return { Policy: policyDocument(policy), RevisionId: policyRevision(target) };
}
