import type { PeekedInvocation } from "@localemu/control";
import type { LambdaFunction } from "../state/function-store.ts";

/** What is kept for each function. */
const mostKept = 1000;
/** Payloads and responses together. Bytes. */
const mostBytes = 8 * 1024 * 1024;

interface Begun {
  readonly requestId: string;
  /** World time, milliseconds. */
  readonly at: number;
  readonly source: string;
  readonly executedVersion: string;
  readonly payload: Uint8Array;
}

/** How an invocation ended; `error` is absent on success. */
interface Ended {
  readonly response: Uint8Array;
  readonly error: string | undefined;
}

interface Entry extends Begun {
  ended: Ended | undefined;
}

interface Log {
  readonly entries: Entry[];
  bytes: number;
  invoked: number;
  running: number;
}

/** What functions were invoked with and what they answered: the last of it, for those who look at a function afterwards. */
export class InvocationLog {
  /** What is known of a function goes with it. */
  readonly #logs = new WeakMap<LambdaFunction, Log>();

  /** Takes note of an invocation; the returned function is to be called with its end. */
  begin(fn: LambdaFunction, begun: Begun): (ended: Ended) => void {
    let log = this.#logs.get(fn);
    if (log === undefined) this.#logs.set(fn, (log = { entries: [], bytes: 0, invoked: 0, running: 0 }));
    const kept = log;
    const entry: Entry = { ...begun, ended: undefined };
    kept.entries.push(entry);
    kept.invoked++;
    kept.running++;
    grow(kept, begun.payload.length);
    return (ended) => {
      kept.running--;
      entry.ended = ended;
      // It may have been dropped meanwhile.
      if (kept.entries.includes(entry)) grow(kept, ended.response.length);
    };
  }

  /** How many invocations there were, and are under way. */
  count(fn: LambdaFunction): { readonly invoked: number; readonly running: number } {
    const { invoked = 0, running = 0 } = this.#logs.get(fn) ?? {};
    return { invoked, running };
  }

  /** Oldest first. */
  peek(fn: LambdaFunction): PeekedInvocation[] {
    return (this.#logs.get(fn)?.entries ?? []).map(({ payload, ended, ...entry }) => ({
      ...entry,
      payload: Buffer.from(payload).toString(),
      outcome: outcomeOf(ended),
      ...(ended === undefined ? {} : { response: Buffer.from(ended.response).toString() }),
      ...(ended?.error === undefined ? {} : { error: ended.error }),
    }));
  }
}

function outcomeOf(ended: Ended | undefined): PeekedInvocation["outcome"] {
  if (ended === undefined) return "running";
  return ended.error === undefined ? "success" : "error";
}

/** The newest is kept, however large. */
function grow(log: Log, bytes: number): void {
  log.bytes += bytes;
  while (log.entries.length > mostKept || (log.bytes > mostBytes && log.entries.length > 1)) {
    const oldest = log.entries.shift();
    if (oldest !== undefined) log.bytes -= oldest.payload.length + (oldest.ended?.response.length ?? 0);
  }
}
