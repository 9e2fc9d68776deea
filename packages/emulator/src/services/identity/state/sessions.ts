/** Who a caller is that uses temporary credentials. */
export interface RoleSession {
  /** `AROA…:session-name` */
  readonly userId: string;
  readonly arn: string;
  readonly roleArn: string;
}

/** The role sessions of one world, by access key id. */
export class Sessions {
  readonly #byKey = new Map<string, RoleSession>();

  /** One that has expired stays: whoever forgot it would take its holder for the account. */
  add(accessKeyId: string, session: RoleSession): void {
    this.#byKey.set(accessKeyId, session);
  }

  find(accessKeyId: string): RoleSession | undefined {
    return this.#byKey.get(accessKeyId);
  }
}
