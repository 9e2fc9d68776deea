import type { DocumentStore } from "../../../storage/document-store.ts";
import type { EventAnswer } from "./event-documents.ts";
import type { EventCommand, EventMemory } from "./event.ts";
import type { EventStep } from "./event-machine.ts";
import type { LambdaEvent } from "./event-queue.ts";

/** An event as it is kept, with its payload as the bytes, by its request id. */
type EventDocument = {
  readonly region: string;
  readonly functionName: string;
  readonly qualifier?: string | undefined;
  readonly requestId: string;
  readonly source: string;
  readonly traceId?: string | undefined;
  readonly queuedAt: number;
};

/** How far an event has come once it was tried, with the payload of the function's answer as the bytes. */
type ProgressDocument = {
  readonly error?: string | undefined;
  readonly answer?: { readonly executedVersion: string; readonly failed: boolean } | undefined;
  readonly next:
    | {
        readonly kind: "wait";
        readonly until: number;
        readonly memory: { readonly queuedAt: number; readonly invocations: number; readonly refusals: number };
      }
    | { readonly kind: "report"; readonly condition: Report["condition"]; readonly invocations: number };
};

type Report = Extract<EventCommand, { readonly kind: "report" }>;

/** What came of the tries so far. */
export interface EventResult {
  readonly answer: EventAnswer | undefined;
  readonly error: string | undefined;
}

/** An event that an earlier emulator took over and did not finish. */
export interface KeptEvent extends EventResult {
  readonly event: LambdaEvent;
  readonly queuedAt: number;
  /** Where it goes on; undefined for one of which no try has ended. */
  readonly step: EventStep | undefined;
}

const events = "lambda.events";
const progress = "lambda.eventProgress";

/** Asynchronous invocations as they outlive the emulator. */
export class KeptEvents {
  readonly #documents: DocumentStore;

  constructor(documents: DocumentStore) {
    this.#documents = documents;
  }

  add(event: LambdaEvent, queuedAt: number): void {
    const { region, functionName, qualifier, requestId, source, traceId, payload } = event;
    const document: EventDocument = { region, functionName, qualifier, requestId, source, traceId, queuedAt };
    this.#documents.put(events, requestId, document, payload);
  }

  /** To be called before the step is carried out. */
  step({ requestId }: LambdaEvent, { state, command }: EventStep, { answer, error }: EventResult): void {
    if (command.kind === "finish") return this.forget(requestId);
    const next =
      command.kind === "report"
        ? { kind: command.kind, condition: command.condition, invocations: command.invocations }
        : state.kind === "backingOff"
          ? { kind: "wait" as const, until: state.until, memory: memoryDocument(state.memory) }
          : undefined;
    if (next === undefined) return;
    const told = answer && { executedVersion: answer.executedVersion, failed: answer.failed };
    this.#documents.put(progress, requestId, { error, answer: told, next } satisfies ProgressDocument, answer?.payload);
  }

  forget(requestId: string): void {
    this.#documents.delete(events, requestId);
    this.#documents.delete(progress, requestId);
  }

  /** In the order in which they came. */
  restore(): KeptEvent[] {
    const reached = new Map(
      this.#documents.read<ProgressDocument>(progress).map((document) => [document.key, document]),
    );
    return this.#documents.read<EventDocument>(events).map(({ key, value, bytes = new Uint8Array() }) => {
      const { queuedAt, qualifier, traceId, ...event } = value;
      const last = reached.get(key);
      const answer = last?.value.answer && { ...last.value.answer, payload: last.bytes ?? new Uint8Array() };
      return {
        event: { ...event, qualifier, traceId, payload: bytes },
        queuedAt,
        answer,
        error: last?.value.error,
        step: last && stepOf(last.value),
      };
    });
  }
}

function memoryDocument({ queuedAt, invocations, refusals }: EventMemory) {
  return { queuedAt, invocations, refusals };
}

function stepOf({ next }: ProgressDocument): EventStep {
  if (next.kind === "report") {
    const { condition, invocations } = next;
    return { state: { kind: "reporting" }, command: { kind: "report", condition, invocations }, notes: [] };
  }
  const { until, memory } = next;
  return { state: { kind: "backingOff", memory, until }, command: { kind: "wait", until }, notes: [] };
}
