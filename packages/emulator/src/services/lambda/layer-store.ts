import type { Architecture, Runtime } from "@aws-sdk/client-lambda";
import type { DocumentStore } from "../../storage/document-store.ts";
import type { DeployedCode } from "./code/code-store.ts";
import { layerDocument, layerOf } from "./state/layer-documents.ts";
import type { LayerDocument } from "./state/layer-documents.ts";
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

/** How many versions a layer has had, by `<region>/<name>`. */
const layerNumbers = "lambda.layers";
const layerVersions = "lambda.layerVersions";

type LayerNumber = { readonly region: string; readonly name: string; readonly last: number };

/** The layers of one world, by region and name. */
export class LayerStore {
  readonly #regions = new Map<string, Map<string, Layer>>();
  readonly #documents: DocumentStore;

  constructor(documents: DocumentStore) {
    this.#documents = documents;
  }

  /** Adds what was kept; `codeOf` finds a zip by its hash. Answers the hashes. */
  restore(codeOf: (sha256: string) => DeployedCode): string[] {
    for (const { value } of this.#documents.read<LayerNumber>(layerNumbers)) {
      this.#layer(value.region, value.name).last = value.last;
    }
    return this.#documents.read<LayerDocument>(layerVersions).map(({ value }) => {
      const layer = layerOf(value, codeOf(value.sha256));
      this.#layer(value.region, value.layerName).versions.set(value.version, layer);
      return value.sha256;
    });
  }

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
    const layer = this.#layer(region, name);
    const last = ++layer.last;
    const version = make(last);
    layer.versions.set(version.version, version);
    this.#documents.put(layerNumbers, `${region}/${name}`, { region, name, last } satisfies LayerNumber);
    this.keep(region, version);
    return version;
  }

  /** Has a changed policy outlive the emulator. */
  keep(region: string, version: LayerVersion): void {
    this.#documents.put(layerVersions, version.arn, layerDocument(region, version));
  }

  delete(region: string, { arn, layerName, version }: LayerVersion): void {
    this.#regions.get(region)?.get(layerName)?.versions.delete(version);
    this.#documents.delete(layerVersions, arn);
  }

  #layer(region: string, name: string): Layer {
    let layers = this.#regions.get(region);
    if (layers === undefined) this.#regions.set(region, (layers = new Map()));
    let layer = layers.get(name);
    if (layer === undefined) layers.set(name, (layer = { last: 0, versions: new Map() }));
    return layer;
  }
}
