import type { LayerVersion } from "../layer-store.ts";
import { statementDocument } from "./function-documents.ts";
import type { StatementDocument } from "./function-documents.ts";

/** A layer's version as it is kept, without its code. */
export type LayerDocument = {
  readonly region: string;
  readonly arn: string;
  readonly layerArn: string;
  readonly layerName: string;
  readonly version: number;
  readonly description: string;
  readonly license?: string | undefined;
  readonly runtimes?: LayerVersion["runtimes"];
  readonly architectures?: LayerVersion["architectures"];
  readonly createdAt: number;
  readonly sha256: string;
  readonly policy: readonly StatementDocument[];
  readonly policyRevision: string;
};

export function layerDocument(region: string, layer: LayerVersion): LayerDocument {
  return {
    region,
    arn: layer.arn,
    layerArn: layer.layerArn,
    layerName: layer.layerName,
    version: layer.version,
    description: layer.description,
    license: layer.license,
    runtimes: layer.runtimes,
    architectures: layer.architectures,
    createdAt: layer.createdAt,
    sha256: layer.code.sha256,
    policy: layer.policy.map(statementDocument),
    policyRevision: layer.policyRevision,
  };
}

export function layerOf(document: LayerDocument, code: LayerVersion["code"]): LayerVersion {
  return {
    arn: document.arn,
    layerArn: document.layerArn,
    layerName: document.layerName,
    version: document.version,
    description: document.description,
    license: document.license,
    runtimes: document.runtimes,
    architectures: document.architectures,
    createdAt: document.createdAt,
    code,
    policy: document.policy,
    policyRevision: document.policyRevision,
  };
}
