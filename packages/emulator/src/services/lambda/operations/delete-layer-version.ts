import type { DeleteLayerVersionRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { layerNameOf, refuseVersionNumber } from "../layer-rules.ts";

/** AWS: functions that have it keep it (recorded on AWS). Assumed: deleting what is not there is no error. */
export function deleteLayerVersion({ layers }: LambdaParts, input: DeleteLayerVersionRequest, call: CallContext): void {
  const name = layerNameOf(required(input.LayerName, "LayerName"));
  const version = required(input.VersionNumber, "VersionNumber");
  refuseVersionNumber(version);
  const layer = layers.find(call.region, name, version);
  if (layer === undefined) return;
  layers.delete(call.region, layer);
  layer.code.release();
}
