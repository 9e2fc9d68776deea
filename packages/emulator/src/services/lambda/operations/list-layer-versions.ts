import type { ListLayerVersionsRequest, ListLayerVersionsResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { describeLayerVersion, isCompatible, layerNameOf } from "../layer-rules.ts";
import { pageOf } from "../page.ts";

/** Assumed: the newest first, and none of a layer that does not exist. */
export function listLayerVersions(
  { layers }: LambdaParts,
  input: ListLayerVersionsRequest,
  call: CallContext,
): ListLayerVersionsResponse {
  const name = layerNameOf(required(input.LayerName, "LayerName"));
  const versions = layers.versions(call.region, name).filter((version) => isCompatible(version, input));
  // A page goes on after a key, so that the keys of the newest are the lowest.
  const { items, nextMarker } = pageOf(
    versions,
    ({ version }) => String(Number.MAX_SAFE_INTEGER - version).padStart(16, "0"),
    input,
  );
  return { LayerVersions: items.map(describeLayerVersion), NextMarker: nextMarker };
}
