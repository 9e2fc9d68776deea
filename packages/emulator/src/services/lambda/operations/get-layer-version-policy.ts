import type { GetLayerVersionPolicyRequest, GetLayerVersionPolicyResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { lambdaError } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { existingLayerVersion } from "../layer-rules.ts";
import { policyDocument } from "../state/function-policy.ts";

export function getLayerVersionPolicy(
  parts: LambdaParts,
  input: GetLayerVersionPolicyRequest,
  call: CallContext,
): GetLayerVersionPolicyResponse {
  const version = required(input.VersionNumber, "VersionNumber");
  const layer = existingLayerVersion(parts, call.region, required(input.LayerName, "LayerName"), version);
  // Assumed: the text, which is that of functions.
  if (layer.policy.length === 0)
    throw lambdaError("ResourceNotFoundException", "No policy is associated with the given resource.");
  return { Policy: policyDocument(layer.policy), RevisionId: layer.policyRevision };
}
