import type * as sdk from "@aws-sdk/client-sts";
import type { Ids } from "../../core/ids.ts";
import type { CallContext, ServiceImplementation } from "../../protocols/operations.ts";
import { notImplemented } from "./not-implemented.ts";
import { assumeRole } from "./operations/assume-role.ts";
import { getCallerIdentity } from "./operations/get-caller-identity.ts";
import type { IdentityPorts } from "./ports.ts";
import { Sessions } from "./state/sessions.ts";
import type { RoleSession } from "./state/sessions.ts";

export type IdentityOperations = ServiceImplementation<typeof sdk, CallContext, keyof typeof notImplemented>;

/** STS of one world: who a caller is, and credentials for roles. Who may assume which is decided elsewhere. */
export interface Identity {
  readonly operations: IdentityOperations;
  /** The operations that are declined, each with its reason. */
  readonly notImplemented: Readonly<Record<string, string>>;
  /** Who uses an access key that AssumeRole issued. */
  session(accessKeyId: string): RoleSession | undefined;
}

export function createIdentity(ports: IdentityPorts & { readonly ids: Ids }): Identity {
  const sessions = new Sessions();
  const state = { sessions, ids: ports.ids, ports };
  return {
    operations: {
      AssumeRole: (input, call) => assumeRole(state, input, call),
      GetCallerIdentity: (input, call) => getCallerIdentity(state, input, call),
    },
    notImplemented,
    session: (accessKeyId) => sessions.find(accessKeyId),
  };
}
