/** Who a caller is that uses temporary credentials. */
export interface RoleSession {
  /** `AROA…:session-name` */
  readonly userId: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Host time, milliseconds since the epoch: credentials expire by the host's clock, as signatures do. */
  readonly expiresAt: number;
}

/** The role sessions of one world, by access key id. */
export class Sessions {
  readonly #byKey = new Map<string, RoleSession>();

  add(accessKeyId: string, session: RoleSession, now: number): void {
    for (const [key, { expiresAt }] of this.#byKey) if (expiresAt <= now) this.#byKey.delete(key);
    this.#byKey.set(accessKeyId, session);
  }

  find(accessKeyId: string): RoleSession | undefined {
    return this.#byKey.get(accessKeyId);
  }
}
