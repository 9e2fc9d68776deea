import { accountId } from "../core/arns.ts";
import type { CallContext, CallTrace } from "../protocols/operations.ts";
import { callerGone } from "./caller-gone.ts";
import type { Outgoing } from "./listener.ts";

/** One call's context. Its signal is made when somebody asks for it: most operations never do. */
export class Call implements CallContext {
  readonly accountId = accountId;
  readonly region: string;
  readonly requestId: string;
  readonly accessKeyId: string;
  readonly origin: string;
  readonly trace: CallTrace | undefined;
  readonly #response: Outgoing;
  #signal: AbortSignal | undefined;

  constructor(members: Omit<CallContext, "signal" | "accountId">, response: Outgoing) {
    this.region = members.region;
    this.requestId = members.requestId;
    this.accessKeyId = members.accessKeyId;
    this.origin = members.origin;
    this.trace = members.trace;
    this.#response = response;
  }

  get signal(): AbortSignal {
    this.#signal ??= callerGone(this.#response);
    return this.#signal;
  }
}
