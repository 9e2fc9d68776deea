import type { Tag } from "@aws-sdk/client-iam";
import type { DocumentStore } from "../../../storage/document-store.ts";

/** By ARN. */
const collection = "iam.policies";

type PolicyDocument = {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly description: string | undefined;
  readonly tags: readonly { readonly key: string | undefined; readonly value: string | undefined }[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly versions: readonly { readonly id: string; readonly document: string; readonly createdAt: number }[];
  readonly defaultVersion: string;
  readonly versionsMade: number;
};

export interface PolicyVersion {
  /** `v1` and so on. */
  readonly id: string;
  readonly document: string;
  /** World time, milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A customer managed policy; whether anything is allowed or denied by it is an option of the emulator. Replaced as a whole, never changed in place. */
export interface ManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly description: string | undefined;
  readonly tags: readonly Tag[];
  /** World time, milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The oldest first. */
  readonly versions: readonly PolicyVersion[];
  /** The id of the version that counts. */
  readonly defaultVersion: string;
  /** How many versions there ever were: no id is given twice. */
  readonly versionsMade: number;
}

/** The managed policies of one world, by ARN: IAM knows no regions. */
export class Policies {
  readonly #documents: DocumentStore;
  readonly #byArn = new Map<string, ManagedPolicy>();

  /** Has from the start what is kept. */
  constructor(documents: DocumentStore) {
    this.#documents = documents;
    for (const { key: arn, value } of documents.read<PolicyDocument>(collection)) {
      const tags = value.tags.map((tag) => ({ Key: tag.key, Value: tag.value }));
      this.#byArn.set(arn, { ...value, description: value.description, arn, tags });
    }
  }

  find(arn: string): ManagedPolicy | undefined {
    return this.#byArn.get(arn);
  }

  list(): ManagedPolicy[] {
    return [...this.#byArn.values()];
  }

  /** In the place of the one of its ARN, if there is one. */
  put(policy: ManagedPolicy): void {
    this.#byArn.set(policy.arn, policy);
    this.#documents.put(collection, policy.arn, encode(policy));
  }

  delete({ arn }: ManagedPolicy): void {
    this.#byArn.delete(arn);
    this.#documents.delete(collection, arn);
  }
}

function encode(policy: ManagedPolicy): PolicyDocument {
  const { name, path, id, description, createdAt, updatedAt, defaultVersion, versionsMade } = policy;
  return {
    name,
    path,
    id,
    description,
    tags: policy.tags.map(({ Key: key, Value: value }) => ({ key, value })),
    createdAt,
    updatedAt,
    versions: policy.versions.map((version) => ({ ...version })),
    defaultVersion,
    versionsMade,
  };
}
