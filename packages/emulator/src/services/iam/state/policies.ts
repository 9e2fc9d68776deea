import type { Tag } from "@aws-sdk/client-iam";

export interface PolicyVersion {
  /** `v1` and so on. */
  readonly id: string;
  readonly document: string;
  /** World time, milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A customer managed policy; nothing is allowed or denied by it. Replaced as a whole, never changed in place. */
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
  readonly #byArn = new Map<string, ManagedPolicy>();

  find(arn: string): ManagedPolicy | undefined {
    return this.#byArn.get(arn);
  }

  list(): ManagedPolicy[] {
    return [...this.#byArn.values()];
  }

  /** In the place of the one of its ARN, if there is one. */
  put(policy: ManagedPolicy): void {
    this.#byArn.set(policy.arn, policy);
  }

  delete({ arn }: ManagedPolicy): void {
    this.#byArn.delete(arn);
  }
}
