import type * as sdk from "@aws-sdk/client-sts";
import type { OperationsOf } from "../../protocols/operations.ts";

const federation = "there are no identity providers here; AssumeRole and GetCallerIdentity are served";
const sessions = "AssumeRole issues temporary credentials";
const authorization = "refusals carry no encoded messages, and there is one account";

/** Operations that are declined, each with its reason. */
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
} as const satisfies Partial<Record<keyof OperationsOf<typeof sdk>, string>>;
