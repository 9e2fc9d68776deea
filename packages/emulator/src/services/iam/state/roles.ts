import type { Tag } from "@aws-sdk/client-iam";

/** A role; nothing is allowed or denied by it. */
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
  readonly #byName = new Map<string, Role>();

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
  }

  delete(role: Role): void {
    this.#byName.delete(role.name);
  }
}
