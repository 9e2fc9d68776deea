import type { StreamConfiguration } from "../mapping.ts";
import type { StreamRecord } from "../ports.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { isFurther } from "./checkpoint.ts";
import { numberOf } from "./example-records.ts";
import type { FakeStream } from "./fake-stream.test.fixture.ts";
import { compareSequences, laneOf } from "./record.ts";

/** What reads a stream, from its start to its stop or crash. */
export interface Reader {
  readonly stream: FakeStream;
  readonly filters: boolean;
  readonly batchSize: number;
  readonly lanes: number;
  readonly maxRetryAttempts: number;
  /** Milliseconds; -1: none. */
  readonly maxAgeMs: number;
  /** Discarded records go to a destination. */
  readonly reports: boolean;
  /** The function tells which records failed. */
  readonly readsReports: boolean;
}

export function readerOf(stream: FakeStream, configuration: StreamConfiguration): Reader {
  const { MaximumRecordAgeInSeconds } = configuration;
  return {
    stream,
    filters: configuration.FilterCriteria !== undefined,
    batchSize: configuration.BatchSize,
    lanes: configuration.ParallelizationFactor,
    maxRetryAttempts: configuration.MaximumRetryAttempts,
    maxAgeMs: MaximumRecordAgeInSeconds === -1 ? -1 : MaximumRecordAgeInSeconds * 1000,
    reports: configuration.DestinationConfig.OnFailure.Destination !== undefined,
    readsReports: configuration.FunctionResponseTypes.length > 0,
  };
}

/** A record that was put, and what became of it. */
interface Entry {
  readonly stream: FakeStream;
  readonly shardId: string;
  readonly record: StreamRecord;
  /** The filter, if there is one, holds it back. */
  readonly skip: boolean;
  /** Not before the starting position. */
  due: boolean;
  readBy: Reader | undefined;
  /** A reader with a filter has looked at it. */
  heldBack: boolean;
  finished: "processed" | "discarded" | undefined;
  finishedBy: Reader | undefined;
  /** It was reported, so that no reader gives it to the function again. */
  reported: boolean;
}

export interface Run {
  readonly shardId: string;
  readonly from: string;
  readonly to: string;
}

interface ReportedBatch {
  readonly shardId: string;
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
}

/** What a report says that it is of. */
export function runOf(report: string): Run {
  const { KinesisBatchInfo: info }: { KinesisBatchInfo: ReportedBatch } = JSON.parse(report);
  return { shardId: info.shardId, from: info.startSequenceNumber, to: info.endSequenceNumber };
}

/** Knows every record of every stream and what a mapping may do with it: the model that the machinery is compared with. */
export class RecordLedger {
  readonly #entries: Entry[] = [];
  readonly #fail: (problem: string) => void;
  /** By stream and shard. */
  readonly #checkpoints = new Map<string, Checkpoint["position"]>();
  /** By run: who reported it first. One that crashed with the report under way has it sent again by the next. */
  readonly #reporters = new Map<string, Reader>();
  readonly #reported = new Map<Reader, Set<string>>();
  /** What reads now. */
  reader: Reader | undefined;

  constructor(fail: (problem: string) => void) {
    this.#fail = fail;
  }

  put(stream: FakeStream, shardId: string, record: StreamRecord, skip: boolean): void {
    this.#entries.push({
      stream,
      shardId,
      record,
      skip,
      due: true,
      readBy: undefined,
      heldBack: false,
      finished: undefined,
      finishedBy: undefined,
      reported: false,
    });
  }

  /** The mapping begins for the first time: it is owed what arrived since then, or what is put from now on. */
  begin(since: number | "now"): void {
    for (const entry of this.#entries) entry.due = since !== "now" && entry.record.arrival >= since;
  }

  read(reader: Reader, shardId: string, records: readonly StreamRecord[]): void {
    for (const { sequence } of records) {
      const entry = this.#entry(reader, shardId, sequence);
      entry.readBy = reader;
      if (reader.filters && entry.skip) entry.heldBack = true;
    }
  }

  /** A batch that the function gets. */
  deliver(reader: Reader, shardId: string, sequences: readonly string[], now: number): void {
    if (sequences.length === 0 || sequences.length > reader.batchSize) this.#fail(`a batch of ${sequences.length}`);
    const batch = new Set<Entry>();
    const ancestors = reader.stream.ancestorsOf(shardId);
    for (const sequence of sequences) {
      const entry = this.#entry(reader, shardId, sequence);
      const what = `record ${numberOf(sequence)} of ${shardId} is delivered`;
      if (!entry.due) this.#fail(`${what} though it lies before the starting position`);
      if (entry.finishedBy === reader || entry.reported) this.#fail(`${what} after it was ${entry.finished}`);
      if (entry.skip && reader.filters) this.#fail(`${what} though no filter matches it`);
      if (now >= this.#expiry(reader, entry)) this.#fail(`${what} after it expired`);
      for (const other of this.#entries) {
        if (other.stream !== reader.stream || compareSequences(other.record.sequence, sequence) >= 0) continue;
        const sameKey = other.record.partitionKey === entry.record.partitionKey;
        if (!sameKey && !ancestors.includes(other.shardId)) continue;
        if (batch.has(other) || this.#isSettled(other)) continue;
        this.#fail(`${what} before record ${numberOf(other.record.sequence)} of ${other.shardId} is finished`);
      }
      batch.add(entry);
    }
  }

  processed(reader: Reader, shardId: string, sequences: readonly string[]): void {
    for (const sequence of sequences) this.#finish(reader, this.#entry(reader, shardId, sequence), "processed");
  }

  reported(reader: Reader, { shardId, from, to }: Run): void {
    const runs = this.#reported.get(reader) ?? new Set();
    const run = `${shardId} ${from} ${to}`;
    this.#reported.set(reader, runs.add(run));
    const key = `${reader.stream.streamId} ${run}`;
    if (!this.#reporters.has(key)) this.#reporters.set(key, reader);
  }

  discarded(reader: Reader, run: Run & { readonly records: number; readonly condition: string }, now: number): void {
    const { shardId, from, to, records, condition } = run;
    const isReported = this.#reported.get(reader)?.has(`${shardId} ${from} ${to}`) ?? false;
    const by =
      (isReported ? this.#reporters.get(`${reader.stream.streamId} ${shardId} ${from} ${to}`) : reader) ?? reader;
    const lane = laneOf(this.#entry(reader, shardId, from).record.partitionKey, by.lanes);
    const entries = this.#entries.filter(
      ({ stream, shardId: shard, skip, reported, record: { sequence, partitionKey } }) =>
        stream === reader.stream &&
        shard === shardId &&
        compareSequences(sequence, from) >= 0 &&
        compareSequences(sequence, to) <= 0 &&
        laneOf(partitionKey, by.lanes) === lane &&
        !reported &&
        !(skip && by.filters),
    );
    const what = `records ${numberOf(from)} to ${numberOf(to)} of ${shardId} are discarded`;
    if (entries.length !== records) this.#fail(`${what}, ${records} of ${entries.length}`);
    if (isReported !== by.reports) this.#fail(`${what}, ${isReported ? "" : "not "}reported`);
    if (condition === "RetryAttemptsExhausted" && by.maxRetryAttempts === -1) this.#fail(`${what} too early`);
    for (const entry of entries) {
      if (condition === "RecordAgeExceeded" && now < this.#expiry(by, entry)) this.#fail(`${what} too young`);
      if (entry.finishedBy === reader) this.#fail(`${what} after ${numberOf(entry.record.sequence)} was finished`);
      this.#finish(reader, entry, "discarded");
      entry.reported = isReported;
    }
  }

  checkpoint(reader: Reader, shardId: string, position: Checkpoint["position"]): void {
    const key = `${reader.stream.streamId} ${shardId}`;
    const before = this.#checkpoints.get(key);
    this.#checkpoints.set(key, position);
    const what = `the checkpoint of ${shardId} goes to ${describePosition(position)}`;
    if (before !== undefined && !isFurther(position, before)) {
      this.#fail(`${what} from ${describePosition(before)}`);
    }
    for (const { record, ...entry } of this.#entries) {
      if (entry.stream !== reader.stream || entry.shardId !== shardId) continue;
      const isPassed =
        position.kind === "shardEnd" ||
        (position.kind === "afterSequence" && compareSequences(record.sequence, position.sequence) <= 0);
      if (isPassed && !this.#isSettled({ record, ...entry })) {
        this.#fail(`${what}, past record ${numberOf(record.sequence)}, which is not finished`);
      }
    }
  }

  /** The records of the stream that is read which are owed and have come to nothing yet. */
  unsettled(): readonly string[] {
    return this.#entries
      .filter((entry) => entry.stream === this.reader?.stream && !this.#isSettled(entry))
      .map(({ record, shardId }) => `${numberOf(record.sequence)} of ${shardId}`);
  }

  /** It needs no more: it was finished or held back, is not owed, or left its stream before it was read by who reads now. */
  #isSettled(entry: Entry): boolean {
    if (!entry.due || entry.finished !== undefined || entry.heldBack) return true;
    const isInHand = entry.readBy !== undefined && entry.readBy === this.reader;
    return !isInHand && !entry.stream.holds(entry.shardId, entry.record.sequence);
  }

  #finish(reader: Reader, entry: Entry, as: "processed" | "discarded"): void {
    entry.finished ??= as;
    entry.finishedBy = reader;
  }

  #expiry({ maxAgeMs, stream }: Reader, { record }: Entry): number {
    return record.arrival + (maxAgeMs === -1 ? stream.retentionMs : Math.min(maxAgeMs, stream.retentionMs));
  }

  #entry(reader: Reader, shardId: string, sequence: string): Entry {
    const entry = this.#entries.find(
      (candidate) =>
        candidate.stream === reader.stream && candidate.shardId === shardId && candidate.record.sequence === sequence,
    );
    if (entry === undefined) throw new Error(`${shardId} has no record ${sequence}`);
    return entry;
  }
}

function describePosition(position: Checkpoint["position"]): string {
  return position.kind === "afterSequence" ? String(numberOf(position.sequence)) : position.kind;
}
