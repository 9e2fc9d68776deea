import type { Tag } from "@aws-sdk/client-iam";
import type { Document, DocumentStore } from "../../../storage/document-store.ts";

/** By name. */
const collection = "iam.roles";

type RoleDocument = {
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly trustPolicy: string;
  readonly description: string | undefined;
  readonly maxSessionSeconds: number;
  readonly tags: readonly { readonly key: string | undefined; readonly value: string | undefined }[];
  readonly boundary: string | undefined;
  readonly createdAt: number;
  readonly policies: Readonly<Record<string, string>>;
  readonly attached: readonly string[];
};

/** A role; whether anything is allowed or denied by it is an option of the emulator. */
export interface Role {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly trustPolicy: string;
  readonly description: string | undefined;
  readonly maxSessionSeconds: number;
  readonly tags: readonly Tag[];
  readonly boundary: string | undefined;
  /** World time, milliseconds since the epoch. */
  readonly createdAt: number;
  /** Documents by name. */
  readonly policies: Map<string, string>;
  /** ARNs. */
  readonly attached: Set<string>;
}

/** The roles of one world, by name: IAM knows no regions. */
export class Roles {
  readonly #documents: DocumentStore;
  readonly #byName = new Map<string, Role>();

  /** Has from the start what is kept. */
  constructor(documents: DocumentStore) {
    this.#documents = documents;
    for (const document of documents.read<RoleDocument>(collection)) this.#byName.set(document.key, decode(document));
  }

  find(name: string): Role | undefined {
    return this.#byName.get(name);
  }

  /** AWS: names of two roles differ in more than the case of their letters (AWS docs, CreateRole). */
  isTaken(name: string): boolean {
    const wanted = name.toLowerCase();
    return [...this.#byName.keys()].some((taken) => taken.toLowerCase() === wanted);
  }

  /** By name. */
  list(): Role[] {
    return [...this.#byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  add(role: Role): void {
    this.#byName.set(role.name, role);
    this.keep(role);
  }

  /** Keeps a role as it is now; to be called when its policies have changed. */
  keep(role: Role): void {
    this.#documents.put(collection, role.name, encode(role));
  }

  delete(role: Role): void {
    this.#byName.delete(role.name);
    this.#documents.delete(collection, role.name);
  }
}

function encode(role: Role): RoleDocument {
  return {
    path: role.path,
    arn: role.arn,
    id: role.id,
    trustPolicy: role.trustPolicy,
    description: role.description,
    maxSessionSeconds: role.maxSessionSeconds,
    tags: role.tags.map(({ Key: key, Value: value }) => ({ key, value })),
    boundary: role.boundary,
    createdAt: role.createdAt,
    policies: Object.fromEntries(role.policies),
    attached: [...role.attached],
  };
}

function decode({ key: name, value }: Document<RoleDocument>): Role {
  return {
    name,
    path: value.path,
    arn: value.arn,
    id: value.id,
    trustPolicy: value.trustPolicy,
    description: value.description,
    maxSessionSeconds: value.maxSessionSeconds,
    tags: value.tags.map((tag) => ({ Key: tag.key, Value: tag.value })),
    boundary: value.boundary,
    createdAt: value.createdAt,
    policies: new Map(Object.entries(value.policies)),
    attached: new Set(value.attached),
  };
}
