import type { StreamConfiguration } from "../mapping.ts";
import { numberOf } from "./example-records.ts";
import { compareSequences } from "./record.ts";

/** What a function is given. */
interface InvokedEvent {
  readonly Records: readonly { readonly eventID: string; readonly kinesis: { readonly sequenceNumber: string } }[];
  readonly shardId?: string;
  readonly window?: { readonly start: string; readonly end: string };
  /** The last record that this model's function processed in the window. */
  readonly state?: { readonly through?: string };
  readonly isFinalInvokeForWindow?: boolean;
}

interface Given {
  readonly shardId: string;
  readonly sequences: readonly string[];
  /** It ends a window. */
  readonly closes: boolean;
  readonly stateAfter: StateAfter;
}

/** What the function returns as its window's state when it has processed some of the records. */
export type StateAfter = (done: readonly string[], succeeds: boolean) => unknown;

/** Knows what the states of a mapping's windows must be, over restarts and crashes. */
export class WindowLedger {
  readonly #fail: (problem: string) => void;
  /** The last windows that were closed, by stream and shard. */
  readonly #closed = new Map<string, string>();
  /** Lanes that are ahead of a checkpoint process records again after a restart, so their windows are not to be known. */
  #isExact = true;
  #lengthMs = 0;

  constructor(fail: (problem: string) => void) {
    this.#fail = fail;
  }

  begin({ ParallelizationFactor, TumblingWindowInSeconds }: StreamConfiguration, before: StreamConfiguration): void {
    if (ParallelizationFactor > 1) this.#isExact = false;
    // Windows of another length may end where those did that were closed.
    if (TumblingWindowInSeconds !== before.TumblingWindowInSeconds) this.#closed.clear();
    this.#lengthMs = TumblingWindowInSeconds * 1000;
  }

  /** An invocation with records of a stream, or to close a window. */
  given(payload: string, streamId: string): Given {
    const event: InvokedEvent = JSON.parse(payload);
    const { window, state = {} } = event;
    const sequences = event.Records.map(({ kinesis }) => kinesis.sequenceNumber);
    const [shardId = ""] = event.Records[0]?.eventID.split(":") ?? [event.shardId];
    const [first] = sequences;
    if (window === undefined) return { shardId, sequences, closes: false, stateAfter: () => state };
    const place = `${shardId} of ${streamId}`;
    const what = `window ${window.start} of ${place}`;
    if (first === undefined && event.isFinalInvokeForWindow !== true) this.#fail(`${what} is given nothing`);
    if (this.#isExact) {
      if (this.#closed.get(place) === window.end) this.#fail(`${what} goes on after its end`);
      const { through } = state;
      if (first !== undefined && through !== undefined && compareSequences(first, through) <= 0)
        this.#fail(`${what} is given ${numberOf(first)} again, with the state that has ${numberOf(through)}`);
    }
    const isAtItsEnd = Date.parse(window.end) - Date.parse(window.start) === this.#lengthMs;
    const stateAfter: StateAfter = (done, succeeds) => {
      if (first === undefined && succeeds && isAtItsEnd) this.#closed.set(place, window.end);
      return { through: done.at(-1) ?? state.through };
    };
    return { shardId, sequences, closes: first === undefined, stateAfter };
  }
}
