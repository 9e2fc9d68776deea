/** Credentials that lead back to the world that issued them. */
export interface IssuedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

export interface IdentityPorts {
  /** Under which role a function calls that was given this access key; undefined for any other. */
  functionCaller?(accessKeyId: string): { readonly arn: string } | undefined;
  issueCredentials(lifetime: { readonly seconds: number }): IssuedCredentials;
}
