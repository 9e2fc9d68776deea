import type { Architecture, GetLayerVersionResponse, LayerVersionsListItem, Runtime } from "@aws-sdk/client-lambda";
import { accountId, parseArn, partitionOf } from "../../core/arns.ts";
import type { DeployedCode } from "./code/code-store.ts";
import { refuseLargeLayers } from "./code/layered-code.ts";
import { invalidParameter, lambdaError } from "./lambda-error.ts";
import type { LambdaParts } from "./lambda-parts.ts";
import type { LayerFacts } from "./state/function-store.ts";
import type { LayerVersion } from "./layer-store.ts";

// AWS: recorded on AWS.
const mostLayers = 5;

/** A function's layers. */
export interface DeployedLayers {
  readonly facts: readonly LayerFacts[];
  /** All of them in one directory; whoever gets it is to release it. */
  readonly merged: DeployedCode | undefined;
}

/** Finds and merges the layers that a function asks for, or throws AWS's error. */
export async function deployLayers(
  { layers, codes }: Pick<LambdaParts, "layers" | "codes">,
  region: string,
  arns: readonly string[],
): Promise<DeployedLayers> {
  if (arns.length > mostLayers) throw invalidParameter(`Cannot reference more than ${mostLayers} layers.`);
  const versions = arns.map((arn) => existingLayer(layers, region, arn));
  for (const [index, version] of versions.entries()) {
    const other = versions.slice(0, index).find((earlier) => earlier.layerArn === version.layerArn);
    // AWS: recorded on AWS.
    if (other !== undefined)
      throw invalidParameter(
        `Two different versions of the same layer are not allowed to be referenced in the same function. ${other.arn} and ${version.arn} are versions of the same layer.`,
      );
  }
  // Held while they are copied: a version may be deleted meanwhile.
  const held = versions.map(({ code }) => code.share());
  try {
    refuseLargeLayers(held);
    const merged = await codes.merge(held);
    return { facts: versions.map(({ arn, code }) => ({ arn, size: code.size, sha256: code.sha256 })), merged };
  } finally {
    for (const code of held) code.release();
  }
}

function existingLayer(layers: LambdaParts["layers"], region: string, arn: string): LayerVersion {
  const parsed = parseArn(arn);
  const [, name = "", version = ""] = parsed?.resource.split(":") ?? [];
  // AWS: recorded on AWS.
  if (parsed !== undefined && parsed.region !== region)
    throw invalidParameter(
      `Layers are not in the same region as the function. Layers are expected to be in region ${region}.`,
    );
  if (parsed !== undefined && parsed.account !== accountId)
    throw invalidParameter(`LocalEmu has no layers of other accounts: publish ${arn} in account ${accountId}.`);
  const found = layers.find(region, name, Number(version));
  // AWS: recorded on AWS.
  if (found === undefined) throw invalidParameter(`Layer version ${arn} does not exist.`);
  return found;
}

export function layerArn(region: string, name: string): string {
  return `arn:${partitionOf(region)}:lambda:${region}:${accountId}:layer:${name}`;
}

/** The name of a layer that is given by its name or its ARN. */
export function layerNameOf(nameOrArn: string): string {
  return parseArn(nameOrArn)?.resource.split(":")[1] ?? nameOrArn;
}

/** Refuses numbers that no version has. */
export function refuseVersionNumber(version: number): void {
  // AWS: recorded on AWS.
  if (version < 1) throw invalidParameter("Layer Version Cannot be less than 1");
}

/** A version whose policy is meant, or AWS's error. */
export function existingLayerVersion(
  { layers }: Pick<LambdaParts, "layers">,
  region: string,
  nameOrArn: string,
  version: number,
): LayerVersion {
  refuseVersionNumber(version);
  const name = layerNameOf(nameOrArn);
  const found = layers.find(region, name, version);
  // Assumed: the text, which is that of functions with such a layer.
  if (found === undefined)
    throw lambdaError(
      "ResourceNotFoundException",
      `Layer version ${layerArn(region, name)}:${version} does not exist.`,
    );
  return found;
}

/** Refuses a change of a policy that is not the one that the caller saw. */
export function refuseOtherLayerPolicy({ policyRevision }: LayerVersion, revisionId: string | undefined): void {
  // AWS: recorded on AWS.
  if (revisionId !== undefined && revisionId !== policyRevision)
    throw lambdaError(
      "PreconditionFailedException",
      "The Revision Id provided does not match the latest Revision Id. Call the GetLayerPolicy API to retrieve the latest Revision Id",
    );
}

// Assumed: the text, on which other emulators agree.
export const noLayer = () => lambdaError("ResourceNotFoundException", "The resource you requested does not exist.");

/** As lists show it. */
export function describeLayerVersion(layer: LayerVersion): LayerVersionsListItem {
  return {
    LayerVersionArn: layer.arn,
    Version: layer.version,
    Description: layer.description,
    CreatedDate: new Date(layer.createdAt).toISOString().replace("Z", "+0000"),
    CompatibleRuntimes: layer.runtimes && [...layer.runtimes],
    CompatibleArchitectures: layer.architectures && [...layer.architectures],
    LicenseInfo: layer.license,
  };
}

/** With its content. */
export function describeLayer(
  { ports }: Pick<LambdaParts, "ports">,
  layer: LayerVersion,
  origin: string,
): GetLayerVersionResponse {
  const { sha256, size } = layer.code;
  return {
    ...describeLayerVersion(layer),
    LayerArn: layer.layerArn,
    Content: { Location: ports.codeLocation(origin, sha256), CodeSha256: sha256, CodeSize: size },
  };
}

/** Whether a version is for a runtime and an architecture; one that names none is for no particular one. */
export function isCompatible(
  { runtimes, architectures }: LayerVersion,
  wanted: {
    readonly CompatibleRuntime?: Runtime | undefined;
    readonly CompatibleArchitecture?: Architecture | undefined;
  },
): boolean {
  const { CompatibleRuntime: runtime, CompatibleArchitecture: architecture } = wanted;
  return (
    (runtime === undefined || runtimes?.includes(runtime) === true) &&
    (architecture === undefined || architectures?.includes(architecture) === true)
  );
}
