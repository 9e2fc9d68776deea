/** Credentials that lead back to the world that issued them. */
export interface IssuedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

export interface IdentityPorts {
  issueCredentials(lifetime: { readonly seconds: number }): IssuedCredentials;
}
