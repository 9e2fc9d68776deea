import type { ListLayersRequest, ListLayersResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { describeLayerVersion, isCompatible } from "../layer-rules.ts";
import { pageOf } from "../page.ts";

/** Each layer with its newest version that is compatible. */
export function listLayers({ layers }: LambdaParts, input: ListLayersRequest, call: CallContext): ListLayersResponse {
  const newest = layers.names(call.region).flatMap((name) => {
    const layer = layers.versions(call.region, name).find((version) => isCompatible(version, input));
    return layer === undefined ? [] : [layer];
  });
  const { items, nextMarker } = pageOf(newest, ({ layerName }) => layerName, input);
  return {
    Layers: items.map((layer) => ({
      LayerName: layer.layerName,
      LayerArn: layer.layerArn,
      LatestMatchingVersion: describeLayerVersion(layer),
    })),
    NextMarker: nextMarker,
  };
}
