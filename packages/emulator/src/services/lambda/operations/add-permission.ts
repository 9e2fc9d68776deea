import type { AddPermissionRequest, AddPermissionResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingTarget } from "../function-address.ts";
import { policyKey, refuseOtherPolicyRevision, revisePolicy, statementOf } from "../function-policies.ts";
import { invalidParameter, lambdaError } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";

/** Kept and told; whether it decides who may invoke is an option of the emulator. */
export function addPermission(
  { ports, functions, policies }: LambdaParts,
  input: AddPermissionRequest,
  call: CallContext,
): AddPermissionResponse {
  const sid = required(input.StatementId, "StatementId");
  const target = existingTarget(functions, call.region, required(input.FunctionName, "FunctionName"), input.Qualifier);
  // AWS: recorded on AWS.
  if (target.qualifier === "$LATEST")
    throw invalidParameter("We currently do not support adding policies for $LATEST.");
  refuseOtherPolicyRevision(target, input.RevisionId);
  const policy = policies.get(target.fn, policyKey(target)) ?? [];
  // AWS: recorded on AWS.
  if (policy.some(({ Sid }) => Sid === sid))
    throw lambdaError(
      "ResourceConflictException",
      `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  const statement = statementOf(target, input, {
    sid,
    action: required(input.Action, "Action"),
    principal: required(input.Principal, "Principal"),
  });
  revisePolicy(target, ports.ids.uuid());
  policies.set(target.fn, policyKey(target), [...policy, statement]);
  return { Statement: JSON.stringify(statement) };
}
