import type { RemoveLayerVersionPermissionRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { lambdaError } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { existingLayerVersion, refuseOtherLayerPolicy } from "../layer-rules.ts";

export function removeLayerVersionPermission(
  parts: LambdaParts,
  input: RemoveLayerVersionPermissionRequest,
  call: CallContext,
): void {
  const sid = required(input.StatementId, "StatementId");
  const version = required(input.VersionNumber, "VersionNumber");
  const layer = existingLayerVersion(parts, call.region, required(input.LayerName, "LayerName"), version);
  refuseOtherLayerPolicy(layer, input.RevisionId);
  const rest = layer.policy.filter(({ Sid }) => Sid !== sid);
  // Assumed: the text, which is that of functions.
  if (rest.length === layer.policy.length)
    throw lambdaError("ResourceNotFoundException", `Statement ${sid} is not found in resource policy.`);
  layer.policy = rest;
  layer.policyRevision = parts.ports.ids.uuid();
  parts.layers.keep(call.region, layer);
}
