import type { TimelineEvent } from "@localemu/control";
import { CallCounts } from "./call-counts.ts";
import type { HostTime } from "./core/host-time.ts";
import type { Log } from "./core/log.ts";

/** How a call ended. */
export interface CallEnd {
  readonly service: string;
  /** One that the service has, or `unknown`. */
  readonly operation: string;
  /** Of HTTP. */
  readonly status: number;
  /** AWS's code of the error. */
  readonly code: string | undefined;
}

/** What a server tells of all its worlds: counts and the log. */
export class Observer {
  readonly log: Log;
  readonly calls = new CallCounts();
  readonly #host: HostTime;
  /** How often an event came, or how many records came with it, by what `kindOf` makes of it. */
  readonly #events = new Map<string, number>();

  constructor(log: Log, host: HostTime) {
    this.log = log;
    this.#host = host;
  }

  get events(): ReadonlyMap<string, number> {
    return this.#events;
  }

  /** When a call begins: host time, for `called`. */
  begin(): number {
    return this.#host.monotonic();
  }

  called(world: string, { service, operation, status, code }: CallEnd, begun: number): void {
    const ms = this.#host.monotonic() - begun;
    this.calls.add(service, operation, status, ms);
    if (!this.log.debugs) return;
    const durationMs = Math.round(ms * 1000) / 1000;
    const error = code === undefined ? "" : ` ${code}`;
    this.log.debug(
      "call",
      { service, operation, world, status, code, durationMs },
      `[call ${world}] ${service}:${operation} ${status}${error} ${durationMs} ms`,
    );
  }

  /** Takes each event of a world's timeline. */
  happened(world: string, event: TimelineEvent): void {
    const kind = kindOf(event);
    this.#events.set(kind, (this.#events.get(kind) ?? 0) + weightOf(event));
    if (event.type === "internalError") {
      const { where, message, stack } = event;
      this.log.error(`internal error in ${where}: ${message}`, { world, where, stack });
    }
    if (event.type === "access.judged" && event.outcome === "wouldBeDenied") {
      const { caller, action, resource, message } = event;
      this.log.warn(`AWS would deny this: ${message}`, { world, caller, action, resource });
    }
  }

  /** Takes what a function wrote. The stream's name ends with the environment's id. */
  functionWrote(world: string, logGroup: string, logStream: string, message: string): void {
    if (!this.log.debugs) return;
    const environment = logStream.slice(logStream.lastIndexOf("]") + 1);
    const line = message.replace(/\n$/, "");
    this.log.debug(line, { world, environment, logGroup }, `[lambda ${environment}] ${line}`);
  }
}

/** The event's type, and what it came to where the type alone does not say. */
function kindOf(event: TimelineEvent): string {
  switch (event.type) {
    case "function.returned":
      return event.error === undefined ? event.type : "function.failed";
    case "mapping.recordsDiscarded":
      return `${event.type}.${event.condition}`;
    default:
      return event.type;
  }
}

function weightOf(event: TimelineEvent): number {
  return event.type === "mapping.recordsDiscarded" || event.type === "stream.recordsPut" ? event.records : 1;
}
