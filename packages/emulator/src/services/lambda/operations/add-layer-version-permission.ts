import type { AddLayerVersionPermissionRequest, AddLayerVersionPermissionResponse } from "@aws-sdk/client-lambda";
import { partitionOf } from "../../../core/arns.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { lambdaError } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { existingLayerVersion, refuseOtherLayerPolicy } from "../layer-rules.ts";
import type { PolicyStatement } from "../state/function-policy.ts";

/** Kept and told: it is for other accounts, and there are none. */
export function addLayerVersionPermission(
  parts: LambdaParts,
  input: AddLayerVersionPermissionRequest,
  call: CallContext,
): AddLayerVersionPermissionResponse {
  const sid = required(input.StatementId, "StatementId");
  const principal = required(input.Principal, "Principal");
  const version = required(input.VersionNumber, "VersionNumber");
  const layer = existingLayerVersion(parts, call.region, required(input.LayerName, "LayerName"), version);
  // Assumed: the text, which is that of functions.
  if (layer.policy.some(({ Sid }) => Sid === sid))
    throw lambdaError(
      "ResourceConflictException",
      `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  refuseOtherLayerPolicy(layer, input.RevisionId);
  const account = /^\d{12}$/.test(principal) ? `arn:${partitionOf(call.region)}:iam::${principal}:root` : principal;
  const statement: PolicyStatement = {
    Sid: sid,
    Effect: "Allow",
    Principal: principal === "*" ? principal : { AWS: account },
    Action: required(input.Action, "Action"),
    Resource: layer.arn,
    ...(input.OrganizationId === undefined
      ? {}
      : { Condition: { StringEquals: { "aws:PrincipalOrgID": input.OrganizationId } } }),
  };
  layer.policy = [...layer.policy, statement];
  layer.policyRevision = parts.ports.ids.uuid();
  parts.layers.keep(call.region, layer);
  return { Statement: JSON.stringify(statement), RevisionId: layer.policyRevision };
}
