import type { GetLayerVersionByArnRequest, GetLayerVersionResponse } from "@aws-sdk/client-lambda";
import { parseArn } from "../../../core/arns.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { describeLayer, noLayer } from "../layer-rules.ts";

export function getLayerVersionByArn(
  parts: LambdaParts,
  input: GetLayerVersionByArnRequest,
  call: CallContext,
): GetLayerVersionResponse {
  const arn = required(input.Arn, "Arn");
  const [, name = "", version = ""] = parseArn(arn)?.resource.split(":") ?? [];
  const layer = parts.layers.find(call.region, name, Number(version));
  // Assumed: another account's or region's layer is missing like any other.
  if (layer?.arn !== arn) throw noLayer();
  return describeLayer(parts, layer, call.origin);
}
