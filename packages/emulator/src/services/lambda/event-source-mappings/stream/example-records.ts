import { expiryOf, type StreamConsumerSettings, streamConsumerSettings } from "../settings.ts";
import type { FunctionErrorOutcome, Invocation } from "./outcome.ts";
import type { RecordReference } from "./record.ts";

const day = 24 * 60 * 60 * 1000;

/** Settings of a mapping that says nothing, with some of them changed. */
export function exampleSettings(changes: Partial<StreamConsumerSettings> = {}): StreamConsumerSettings {
  return Object.freeze({ ...streamConsumerSettings({}, { retentionMs: day }), ...changes });
}

/** A sequence number of AWS's length. */
export function sequenceOf(number: number): string {
  return `49${String(number).padStart(54, "0")}`;
}

export function numberOf(sequence: string): number {
  return Number(sequence.slice(2));
}

export function exampleRecord(
  number: number,
  settings = exampleSettings(),
  { arrival = 0, bytes = 100, laneKey = "key" }: Partial<RecordReference> = {},
): RecordReference {
  return { sequence: sequenceOf(number), arrival, expiresAt: expiryOf(arrival, settings), bytes, laneKey };
}

/** Records numbered from `first` to `last`. */
export function exampleRecords(first: number, last: number, settings = exampleSettings()): readonly RecordReference[] {
  return Array.from({ length: last - first + 1 }, (_, index) => exampleRecord(first + index, settings));
}

export const exampleInvocation: Invocation = { requestId: "request", executedVersion: "$LATEST" };

export const unhandledError: FunctionErrorOutcome = {
  kind: "functionError",
  error: "unhandled",
  invocation: exampleInvocation,
};

/** The numbers of records, for people. */
export function numbersOf(sequences: readonly string[]): string {
  return sequences.map(numberOf).join(" ");
}
