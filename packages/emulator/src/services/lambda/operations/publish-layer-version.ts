import type { PublishLayerVersionRequest, PublishLayerVersionResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { readCode } from "../code/code-source.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { describeLayer, layerArn, layerNameOf } from "../layer-rules.ts";

export async function publishLayerVersion(
  parts: LambdaParts,
  input: PublishLayerVersionRequest,
  call: CallContext,
): Promise<PublishLayerVersionResponse> {
  const { ports, codes, layers } = parts;
  const layerName = layerNameOf(required(input.LayerName, "LayerName"));
  const code = await codes.deploy(await readCode(ports, required(input.Content, "Content")));
  const ofLayer = layerArn(call.region, layerName);
  const layer = layers.add(call.region, layerName, (version) => ({
    arn: `${ofLayer}:${version}`,
    layerArn: ofLayer,
    layerName,
    version,
    description: input.Description ?? "",
    license: input.LicenseInfo,
    runtimes: input.CompatibleRuntimes,
    architectures: input.CompatibleArchitectures,
    createdAt: ports.clock.now(),
    code,
    policy: [],
    policyRevision: ports.ids.uuid(),
  }));
  return describeLayer(parts, layer, call.origin);
}
