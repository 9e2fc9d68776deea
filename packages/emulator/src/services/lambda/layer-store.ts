import type { Architecture, Runtime } from "@aws-sdk/client-lambda";
import type { DeployedCode } from "./code/code-store.ts";
import type { PolicyStatement } from "./state/function-policy.ts";

/** One version of a layer; nothing but its policy ever changes. */
export interface LayerVersion {
  /** With the version. */
  readonly arn: string;
  readonly layerArn: string;
  readonly layerName: string;
  readonly version: number;
  readonly description: string;
  readonly license: string | undefined;
  readonly runtimes: readonly Runtime[] | undefined;
  readonly architectures: readonly Architecture[] | undefined;
  /** World time, milliseconds since the epoch. */
  readonly createdAt: number;
  /** Held until the version is deleted. */
  readonly code: DeployedCode;
  policy: readonly PolicyStatement[];
  policyRevision: string;
}

interface Layer {
  /** The last number that was given; none is given twice. */
  last: number;
  readonly versions: Map<number, LayerVersion>;
}

/** The layers of one world, by region and name. */
export class LayerStore {
  readonly #regions = new Map<string, Map<string, Layer>>();

  find(region: string, name: string, version: number): LayerVersion | undefined {
    return this.#regions.get(region)?.get(name)?.versions.get(version);
  }

  /** The versions that there are, the newest first. */
  versions(region: string, name: string): LayerVersion[] {
    return [...(this.#regions.get(region)?.get(name)?.versions.values() ?? [])].toReversed();
  }

  /** Layers that have versions, by name. */
  names(region: string): string[] {
    const layers = [...(this.#regions.get(region) ?? [])];
    return layers.flatMap(([name, { versions }]) => (versions.size === 0 ? [] : [name])).toSorted();
  }

  /** Adds what `make` makes of its number. */
  add(region: string, name: string, make: (version: number) => LayerVersion): LayerVersion {
    let layers = this.#regions.get(region);
    if (layers === undefined) this.#regions.set(region, (layers = new Map()));
    let layer = layers.get(name);
    if (layer === undefined) layers.set(name, (layer = { last: 0, versions: new Map() }));
    const version = make(++layer.last);
    layer.versions.set(version.version, version);
    return version;
  }

  delete(region: string, { layerName, version }: LayerVersion): void {
    this.#regions.get(region)?.get(layerName)?.versions.delete(version);
  }
}
