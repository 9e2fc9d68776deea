import type { GetLayerVersionRequest, GetLayerVersionResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { describeLayer, layerNameOf, noLayer, refuseVersionNumber } from "../layer-rules.ts";

export function getLayerVersion(
  parts: LambdaParts,
  input: GetLayerVersionRequest,
  call: CallContext,
): GetLayerVersionResponse {
  const name = layerNameOf(required(input.LayerName, "LayerName"));
  const version = required(input.VersionNumber, "VersionNumber");
  refuseVersionNumber(version);
  const layer = parts.layers.find(call.region, name, version);
  if (layer === undefined) throw noLayer();
  return describeLayer(parts, layer, call.origin);
}
