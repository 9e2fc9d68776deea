import { accountId } from "../core/arns.ts";
import type { CallContext } from "../protocols/operations.ts";
import type { Outgoing } from "./listener.ts";

/** One call's context. Its signal is made when somebody asks for it: most operations never do. */
export class Call implements CallContext {
  readonly accountId = accountId;
  readonly region: string;
  readonly requestId: string;
  readonly accessKeyId: string;
  readonly origin: string;
  readonly #response: Outgoing;
  #controller: AbortController | undefined;

  constructor(members: Omit<CallContext, "signal" | "accountId">, response: Outgoing) {
    this.region = members.region;
    this.requestId = members.requestId;
    this.accessKeyId = members.accessKeyId;
    this.origin = members.origin;
    this.#response = response;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      this.#response.once("close", () => controller.abort());
    }
    return this.#controller.signal;
  }
}
