import { parseArn } from "../../../core/arns.ts";
import { evaluateResponse } from "./batch-response.ts";
import type { Envelope } from "./envelope.ts";
import { failureObject, failureRecord } from "./failure-record.ts";
import { recordFilter } from "./filter-criteria.ts";
import type { RecordFilter } from "./filter-criteria.ts";
import { internalError, noRecordsProcessed, streamNotFound } from "./mapping.ts";
import type { MappingOfStream } from "./mapping.ts";
import type { MappingOptions } from "./mapping-options.ts";
import { ofRecords } from "./notes.ts";
import type { StreamNote } from "./notes.ts";
import { sendOwedReport, sendReport } from "./owed-reports.ts";
import type { SourceRead, StreamRecord, StreamSource } from "./ports.ts";
import type { RunningMapping } from "./running-mapping.ts";
import { expiryOf, streamConsumerSettings } from "./settings.ts";
import type { StreamConsumerSettings } from "./settings.ts";
import { streamFormatOf } from "./stream-format.ts";
import type { StreamFormat } from "./stream-format.ts";
import type { Checkpoint, StreamPosition } from "./stream/checkpoint.ts";
import { earliest } from "./stream/earliest.ts";
import type { GivenUpRun } from "./stream/given-up.ts";
import type { ReportResult } from "./stream/lane.ts";
import type { InvokeOutcome } from "./stream/outcome.ts";
import { laneOf } from "./stream/record.ts";
import type { RecordReference } from "./stream/record.ts";
import { ShardConsumer } from "./stream/shard-consumer.ts";
import type { ConsumerEffects } from "./stream/shard-consumer.ts";
import { passedOverAtLatest, readableShards } from "./stream/shard-set.ts";
import type { ShardOfSet } from "./stream/shard-set.ts";
import { invokeCount } from "./stream/slice.ts";
import type { DiscardCondition, Slice } from "./stream/slice.ts";

/** A record of the stream, as the machines and the envelope need it. */
interface BatchRecord extends RecordReference, StreamRecord {}

/** The most that is read at once, AWS: GetRecords' limit (AWS docs). */
const readLimitBytes = 10 * 1024 * 1024;

/** The consumers of an enabled mapping, one for each shard that may be read; others begin as those end. */
export class StreamMapping implements RunningMapping {
  readonly #mapping: MappingOfStream;
  readonly #source: StreamSource;
  readonly #options: MappingOptions;
  readonly #format: StreamFormat;
  readonly #settings: StreamConsumerSettings;
  readonly #filter: RecordFilter<StreamRecord> | undefined;
  readonly #consumers = new Map<string, ShardConsumer<BatchRecord>>();
  /** By shard: what still tells of records that were given up before. */
  readonly #reporting = new Map<string, Promise<void>>();
  #stopped = false;
  #discovering = false;
  readonly oldestArrival = (): number | undefined =>
    earliest(Array.from(this.#consumers.values(), (consumer) => consumer.oldestArrival));

  /** Takes its starting positions before it returns: what is put from then on is delivered. */
  constructor(mapping: MappingOfStream, source: StreamSource, options: MappingOptions) {
    this.#mapping = mapping;
    this.#source = source;
    this.#options = options;
    this.#format = streamFormatOf(source.arn);
    const { retentionMs } = source;
    const backoff = { ...options.backoff, jitter: options.ids.fraction() };
    this.#settings = streamConsumerSettings(mapping.configuration, { retentionMs, backoff });
    const { FilterCriteria } = mapping.configuration;
    this.#filter = FilterCriteria && recordFilter(FilterCriteria, this.#format.view);
    for (const [shardId, runs] of Map.groupBy(mapping.givenUp.untold(), (run) => run.shardId)) {
      this.#reporting.set(shardId, this.#reportAgain(shardId, runs));
    }
    this.#discover();
  }

  unfinishedOf(shardId: string): number {
    return this.#consumers.get(shardId)?.unfinished ?? 0;
  }

  /** Resolves when nothing of it is under way any more; the checkpoints are kept in the mapping. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const consumers = [...this.#consumers.values()].map((consumer) => consumer.stop());
    await Promise.all([...consumers, ...this.#reporting.values()]);
  }

  /** What the mapping says of its last invocation; or why it may not read, and what it said before that. */
  #say(result: string, beforeDenial?: string): void {
    const mapping = this.#mapping;
    if (mapping.lastProcessingResult === result && mapping.resultBeforeDenial === beforeDenial) return;
    mapping.lastProcessingResult = result;
    mapping.resultBeforeDenial = beforeDenial;
    this.#options.keep(mapping);
  }

  /** Kept nowhere: that may be the very thing that failed. */
  #tellBug(where: string, error: unknown): void {
    this.#mapping.lastProcessingResult = internalError;
    this.#options.reportInternalError(where, error);
  }

  /** Tells of what was given up when the emulator was killed, before anything else is done for its shard. */
  async #reportAgain(shardId: string, runs: readonly GivenUpRun[]): Promise<void> {
    const { activity } = this.#options;
    const what = `reporting for ${shardId} of ${this.#source.name}`;
    const token = activity.begin(what);
    try {
      for (const run of runs) await sendOwedReport(this.#mapping, this.#source.name, this.#options, run);
    } catch (error) {
      this.#tellBug(what, error);
    } finally {
      this.#reporting.delete(shardId);
      this.#discoverSoon();
      token.release();
    }
  }

  /** Once for all the shards that end in one turn of the event loop: when a large stream is scaled, all of them do. */
  #discoverSoon(): void {
    if (this.#discovering) return;
    this.#discovering = true;
    const { activity, host } = this.#options;
    const what = `looking for shards of ${this.#source.name} for ${this.#mapping.function.name}`;
    const token = activity.begin(what);
    host.setImmediate(() => {
      this.#discovering = false;
      try {
        this.#discover();
      } catch (error) {
        this.#tellBug(what, error);
      } finally {
        token.release();
      }
    });
  }

  /** Starts a consumer for each shard that may be read and has none. */
  #discover(): void {
    const shards = this.#source.shards();
    if (this.#stopped || shards.length === 0) return;
    const { checkpoints } = this.#mapping;
    const first = this.#beginWith(shards);
    const isFinished = (shardId: string): boolean => checkpoints.get(shardId)?.position.kind === "shardEnd";
    for (const shardId of readableShards(shards, isFinished, this.#consumers.keys())) {
      if (!this.#consumers.has(shardId) && !this.#reporting.has(shardId)) this.#consume(shardId, first);
    }
    const present = new Set(shards.map(({ shardId }) => shardId));
    for (const shardId of checkpoints.keys()) {
      if (present.has(shardId) || this.#consumers.has(shardId)) continue;
      checkpoints.delete(shardId);
      this.#mapping.givenUp.clear(shardId);
    }
  }

  /** Whether the mapping reads its stream for the first time ever, so that the starting position is now. */
  #beginWith(shards: readonly ShardOfSet[]): boolean {
    const mapping = this.#mapping;
    const { streamId } = this.#source;
    if (mapping.streamId === streamId) return false;
    const first = mapping.streamId === undefined;
    mapping.streamId = streamId;
    // What was told of another stream, or of none, does not hold for this one.
    mapping.lastProcessingResult = noRecordsProcessed;
    mapping.resultBeforeDenial = undefined;
    // The checkpoints of a stream that had the name before say nothing of this one.
    mapping.checkpoints.clear();
    mapping.givenUp.clear();
    this.#options.keep(mapping);
    if (first && mapping.startingPosition.kind === "LATEST") {
      const end: Checkpoint = { position: { kind: "shardEnd" }, windows: [] };
      for (const shardId of passedOverAtLatest(shards)) mapping.checkpoints.set(shardId, end);
    }
    return first;
  }

  #consume(shardId: string, first: boolean): void {
    const checkpoint = this.#checkpointOf(shardId, first);
    const { position } = checkpoint;
    if (position.kind === "shardEnd") return;
    const { clock, host, activity } = this.#options;
    const label = `${shardId} of ${this.#source.name} for ${this.#mapping.function.name}`;
    const consumer = new ShardConsumer<BatchRecord>({
      label,
      checkpoint: { ...checkpoint, position },
      settings: this.#settings,
      effects: this.#effects(shardId),
      clock,
      host,
      activity,
      onEnded: () => {
        this.#consumers.delete(shardId);
        this.#discoverSoon();
      },
      onBug: (error) => this.#tellBug(label, error),
    });
    this.#consumers.set(shardId, consumer);
  }

  /** The kept checkpoint, or the starting position; LATEST becomes a sequence number at once. */
  #checkpointOf(shardId: string, first: boolean): Checkpoint {
    const kept = this.#mapping.checkpoints.get(shardId);
    if (kept !== undefined) return kept;
    const start: Checkpoint = { position: this.#startOf(shardId, first), windows: [] };
    this.#mapping.checkpoints.set(shardId, start);
    return start;
  }

  /** A shard that is found later is read whole: what is put between a split and its discovery must not be lost. */
  #startOf(shardId: string, first: boolean): StreamPosition {
    const { startingPosition } = this.#mapping;
    switch (startingPosition.kind) {
      case "TRIM_HORIZON":
        return { kind: "trimHorizon" };
      case "LATEST":
        return first ? this.#source.latest(shardId) : { kind: "trimHorizon" };
      case "AT_TIMESTAMP":
        return { kind: "atTimestamp", timestamp: startingPosition.timestamp.getTime() };
    }
  }

  #effects(shardId: string): ConsumerEffects<BatchRecord> {
    const mapping = this.#mapping;
    const envelopeOf = (role: string): Envelope =>
      this.#format.envelope({ shardId, eventSourceArn: this.#source.arn, region: this.#source.region, role });
    let { role } = mapping.function;
    let envelope = envelopeOf(role);
    /** The envelope with the role that the function has now. */
    const currentEnvelope = (): Envelope => {
      const now = this.#options.ports.findFunction(mapping.function.arn, mapping.region)?.role ?? role;
      if (now !== role) envelope = envelopeOf((role = now));
      return envelope;
    };
    return {
      read: (after, max) => {
        const result = this.#source.read(shardId, after, { records: max, bytes: readLimitBytes });
        if (result.kind === "gone") return { kind: "readFailed", failure: { reason: "gone" } };
        if (result.kind === "trimmed")
          return { kind: "readFailed", failure: { reason: "trimmed", oldest: result.oldest } };
        if (result.kind === "delayed") return result;
        this.#tellAccess(result);
        if (result.kind === "refused") {
          const { reason, error } = result;
          return { kind: "readFailed", failure: { reason, error } };
        }
        return {
          ...result,
          kind: "read",
          records: this.#matching(shardId, result.records).map((record) => this.#batchRecord(record, envelope)),
        };
      },
      onSourceChange: (listener) => this.#source.onChange(shardId, listener),
      invoke: async ({ records, window }) =>
        this.#invoke(records, currentEnvelope().event(records, window), window !== undefined),
      report: async ({ condition, slice, window }) => {
        const { clock, ids } = this.#options;
        const report = {
          batchInfo: this.#format.batchInfo,
          slice,
          condition,
          functionArn: mapping.function.arn,
          streamArn: this.#source.arn,
          shardId,
          timestamp: clock.now(),
          newRequestId: ids.uuid(),
        };
        const destination = mapping.configuration.DestinationConfig.OnFailure.Destination ?? "";
        if (parseArn(destination)?.service !== "s3") {
          return this.#giveUp(shardId, { condition, slice }, { destination, body: failureRecord(report) });
        }
        const payload = currentEnvelope().event(slice.records, window);
        const object = failureObject(report, { mapping: mapping.uuid, id: ids.uuid(), payload });
        return this.#giveUp(shardId, { condition, slice }, { destination, ...object });
      },
      keepCheckpoint: (checkpoint) => {
        mapping.checkpoints.set(shardId, checkpoint);
        mapping.givenUp.passed(shardId, checkpoint.position);
      },
      note: (note) => this.#tell(shardId, note),
    };
  }

  /** The report is kept before it is sent, and the checkpoint moves after it: a kill in between repeats it, never loses it. */
  async #giveUp(
    shardId: string,
    { condition, slice }: { readonly condition: DiscardCondition; readonly slice: Slice },
    report: NonNullable<GivenUpRun["report"]>,
  ): Promise<ReportResult> {
    const lanes = this.#settings.parallelizationFactor;
    const run: GivenUpRun = {
      streamId: this.#source.streamId,
      shardId,
      ...ofRecords(slice),
      lane: laneOf(slice.from.laneKey, lanes),
      lanes,
      condition,
      invokeCount: invokeCount(slice, condition),
      report,
    };
    this.#mapping.givenUp.add(run);
    const result = await sendReport(this.#options, this.#mapping.function, report);
    this.#mapping.givenUp.told(run);
    return result;
  }

  /** Says in the mapping that its stream may not be read, for as long as that is so. */
  #tellAccess(result: SourceRead): void {
    const { lastProcessingResult, resultBeforeDenial } = this.#mapping;
    if (result.kind === "refused" && result.reason === "denied")
      this.#say(`PROBLEM: ${result.error}`, resultBeforeDenial ?? lastProcessingResult);
    else if (result.kind === "records" && resultBeforeDenial !== undefined) this.#say(resultBeforeDenial);
  }

  /** AWS: what no filter matches is not delivered, and the checkpoint goes past it (AWS docs). */
  #matching(shardId: string, read: readonly StreamRecord[]): readonly StreamRecord[] {
    const isGivenUp = this.#mapping.givenUp.of(this.#source.streamId, shardId);
    const records =
      isGivenUp === undefined
        ? read
        : read.filter(({ sequence, partitionKey }) => !isGivenUp({ sequence, laneKey: partitionKey }));
    if (this.#filter === undefined) return records;
    const matching = records.filter(this.#filter);
    const filteredOut = records.length - matching.length;
    if (filteredOut > 0) {
      const counts = { filteredOut, records: records.length };
      this.#options.record({ ...this.#where(shardId), type: "mapping.recordsFiltered", ...counts });
    }
    return matching;
  }

  #batchRecord(record: StreamRecord, envelope: Envelope): BatchRecord {
    return {
      ...record,
      expiresAt: expiryOf(record.arrival, this.#settings),
      bytes: envelope.bytesOf(record),
      laneKey: record.partitionKey,
    };
  }

  async #invoke(records: readonly BatchRecord[], event: string, inWindow: boolean): Promise<InvokeOutcome> {
    const { ports } = this.#options;
    const mapping = this.#mapping;
    const invoked = await ports.invoke(mapping.function.arn, mapping.region, event);
    if (invoked.kind === "notInvoked") {
      this.#say(`PROBLEM: ${invoked.message}`);
      return invoked;
    }
    const { requestId, executedVersion } = invoked;
    const invocation = { requestId, executedVersion };
    const reads = { itemFailures: this.#settings.reportBatchItemFailures, state: inWindow };
    const verdict = invoked.kind === "functionError" ? invoked : evaluateResponse(invoked.payload, records, reads);
    // AWS: these two texts (AWS docs; recorded on AWS).
    this.#say(verdict.kind === "functionError" ? "PROBLEM: Function call failed" : "OK");
    if (verdict.kind !== "functionError") return { ...verdict, invocation };
    return { kind: "functionError", error: verdict.error, message: verdict.message, invocation };
  }

  #tell(shardId: string, note: StreamNote): void {
    if (note.type === "mapping.shardGone" && this.#source.shards().length === 0)
      this.#say(streamNotFound(this.#source.arn));
    const where = this.#where(shardId);
    const destination = this.#mapping.configuration.DestinationConfig.OnFailure.Destination ?? "";
    const { record } = this.#options;
    if (note.type === "mapping.failureReported" || note.type === "mapping.failureReportFailed")
      record({ ...where, ...note, destination });
    else record({ ...where, ...note });
  }

  #where(shardId: string) {
    const { uuid, function: mapped } = this.#mapping;
    return { mapping: uuid, functionName: mapped.name, stream: this.#source.name, shardId };
  }
}
