import type { OperationsOf } from "../../protocols/operations.ts";

const federation = "there are no identity providers here; AssumeRole and GetCallerIdentity are served";
const sessions = "AssumeRole issues temporary credentials";
const authorization = "requests are not authorized here, so there is nothing to look up";

/** What STS offers and this service declines, with the reason that a caller is told. */
export const notImplemented = {
  AssumeRoleWithSAML: federation,
  AssumeRoleWithWebIdentity: federation,
  AssumeRoot: sessions,
  DecodeAuthorizationMessage: authorization,
  GetAccessKeyInfo: authorization,
  GetDelegatedAccessToken: federation,
  GetFederationToken: sessions,
  GetSessionToken: sessions,
  GetWebIdentityToken: federation,
} as const satisfies Partial<Record<keyof OperationsOf<typeof import("@aws-sdk/client-sts")>, string>>;
