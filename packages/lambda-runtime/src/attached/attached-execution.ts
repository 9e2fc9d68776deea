import type { Execution, ExecutionEvents } from "../environment/executor.ts";
import type { HostTime } from "../ports.ts";
import { wasSent, type ApiRequest, type ApiResponse } from "../runtime-api/exchange.ts";
import { Lane, type Delivery } from "../runtime-api/lane.ts";

/** A request to the Runtime API of a process that runs a function from outside, and its reply. */
export interface AttachedExchange {
  readonly request: ApiRequest;
  readonly response: ApiResponse;
  /** What follows `/2018-06-01/`, split at its slashes. */
  readonly path: readonly string[];
  /** The HTTP/2 session that it came by: with its end everything is detached that came by it. */
  readonly session?: AttachedSession | undefined;
  /** Called for a poll that its pool holds no longer, for it closes: somebody else has to answer it. */
  readonly onReleased: () => void;
  /** Told what serving it throws: a bug of ours, which its caller gets as 500. */
  readonly onError: (error: unknown) => void;
}

/** A connection that carries requests. */
export interface AttachedSession {
  once(event: "close", listener: () => void): unknown;
}

const RECEIVING: ReadonlySet<string> = new Set(["InvocationResponse", "InvocationErrorResponse"]);

/** One poll after the other of a process that somebody else runs. It begins with a poll and ends when that is dropped. */
export class AttachedExecution implements Execution {
  /** It is not ours. */
  readonly pid = 0;
  readonly #hostTime: HostTime;
  readonly #events: ExecutionEvents;
  readonly #lane: Lane;
  #poll: AttachedExchange | undefined;
  #leaving = false;
  #over = false;

  constructor(hostTime: HostTime, events: ExecutionEvents) {
    this.#hostTime = hostTime;
    this.#events = events;
    this.#lane = new Lane(hostTime, {
      ready: (after) => this.#onReady(after),
      responding: (requestId) => this.#unlessOver(() => events.responding(requestId)),
      answered: (requestId, answer, bytes) => {
        this.#unlessOver(() => events.answered(requestId, answer, bytes));
        if (this.#leaving) {
          this.detach();
        }
      },
    });
  }

  /** Whether it has answered and not asked for more yet. */
  get returning(): boolean {
    return !this.#over && this.#lane.state.name === "ResponseSent";
  }

  /** Whether this is the invocation that it has. */
  has(requestId: string): boolean {
    return !this.#over && this.#lane.state.requestId === requestId;
  }

  begin(): void {
    this.#events.started(this.pid);
  }

  poll(exchange: AttachedExchange): void {
    const { response } = exchange;
    this.#poll = exchange;
    response.on("close", () => {
      if (this.#poll === exchange && !wasSent(response)) {
        this.detach();
      }
    });
    this.#lane.onPoll({ response, answerPolls: false });
  }

  answer({ request, response }: AttachedExchange, requestId: string, kind: "response" | "error"): void {
    this.#lane.onAnswer(request, response, { requestId, kind });
  }

  deliver(delivery: Delivery): void {
    this.#lane.deliver(delivery);
  }

  giveUp(): void {
    this.#lane.abandon();
  }

  /** Nothing of it can be ended but what we know of it: whoever polls for more polls for another execution. */
  end(): void {
    if (this.#over) return;
    this.#close();
    const poll = this.#poll;
    this.#poll = undefined;
    if (this.#lane.state.polling) {
      poll?.onReleased();
    }
    this.#hostTime.setImmediate(() => this.#events.detached());
  }

  kill(): void {
    this.end();
  }

  /** It is gone: with the connection of its poll, or with everything that came by the same session. */
  detach(): void {
    if (this.#over) return;
    // What came of the answer counts: somebody may have read it already.
    this.#leaving = RECEIVING.has(this.#lane.state.name);
    if (this.#leaving) return;
    this.#close();
    this.#events.detached();
  }

  #close(): void {
    this.#over = true;
    this.#lane.close();
  }

  #onReady(after: string | undefined): void {
    this.#unlessOver(() => {
      if (after !== undefined) {
        this.#events.runtimeDone(after);
      }
      this.#events.ready(after);
    });
  }

  #unlessOver(report: () => void): void {
    if (!this.#over) {
      report();
    }
  }
}
