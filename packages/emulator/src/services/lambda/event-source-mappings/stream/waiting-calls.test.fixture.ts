import type { Invoked } from "../ports.ts";
import type { Answer } from "./happening.test.fixture.ts";
import type { Reader } from "./record-ledger.test.fixture.ts";
import type { StateAfter } from "./window-ledger.test.fixture.ts";

/** An invocation or a report that waits for the test. */
export interface WaitingCall<Answered> {
  readonly reader: Reader;
  readonly shardId: string;
  readonly sequences: readonly string[];
  readonly stateAfter: StateAfter;
  readonly answer: (answer: Answered) => void;
}

/** The calls that have not been answered, in their order. */
export class WaitingCalls<Answered> {
  readonly #calls = new Set<WaitingCall<Answered>>();

  get count(): number {
    return this.#calls.size;
  }

  add(call: WaitingCall<Answered>): void {
    const own: WaitingCall<Answered> = {
      ...call,
      answer: (answer) => {
        this.#calls.delete(own);
        call.answer(answer);
      },
    };
    this.#calls.add(own);
  }

  /** One of them, if there is any. */
  pick(which: number): WaitingCall<Answered> | undefined {
    return [...this.#calls][which % this.#calls.size];
  }
}

const invoked = { requestId: "request", executedVersion: "$LATEST" };

/** What the world says of an invocation; `sequence` is the record that a partial failure names, `state` that of a window. */
export function invokedAs(answer: Answer, sequence: string, state: unknown): Invoked {
  switch (answer) {
    case "success":
      return { kind: "success", ...invoked, payload: JSON.stringify({ state }) };
    case "partial":
      return {
        kind: "success",
        ...invoked,
        payload: JSON.stringify({ batchItemFailures: [{ itemIdentifier: sequence }], state }),
      };
    case "badResponse":
      return {
        kind: "success",
        ...invoked,
        payload: JSON.stringify({ batchItemFailures: [{ itemIdentifier: "" }], state }),
      };
    case "error":
      return { kind: "functionError", ...invoked, error: "unhandled", message: "Error: no" };
    case "throttled":
      return { kind: "notInvoked", reason: "throttled", message: "Rate Exceeded." };
  }
}
