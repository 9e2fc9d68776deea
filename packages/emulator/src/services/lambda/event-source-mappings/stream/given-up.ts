import { isFurther } from "./checkpoint.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { compareSequences, laneOf } from "./record.ts";
import type { RecordReference } from "./record.ts";
import type { DiscardCondition } from "./slice.ts";

/** Records of one lane of a shard that are given up, and what a destination is told of them. */
export interface GivenUpRun {
  /** The stream that these records are of, not one that has its name later. */
  readonly streamId: string;
  readonly shardId: string;
  /** Sequence numbers, both included. */
  readonly from: string;
  readonly to: string;
  /** How many there are. */
  readonly records: number;
  readonly lane: number;
  /** Of how many. */
  readonly lanes: number;
  readonly condition: DiscardCondition;
  readonly invokeCount: number;
  /** Absent once it was sent, or could not be. */
  readonly report?: { readonly destination: string; readonly body: string; readonly key?: string | undefined };
}

/** Keeps runs for the next emulator. */
export interface GivenUpKeeper {
  keep(run: GivenUpRun): void;
  forget(run: GivenUpRun): void;
}

/**
 * What a mapping has given up, until its checkpoints have passed it. An emulator that was killed between a report and the
 * checkpoint sends the very same report again, and gives these records to the function no more.
 */
export class GivenUp {
  readonly #runs: Set<GivenUpRun>;
  readonly #keeper: GivenUpKeeper | undefined;

  constructor(kept: Iterable<GivenUpRun> = [], keeper?: GivenUpKeeper) {
    this.#runs = new Set(kept);
    this.#keeper = keeper;
  }

  /** The runs whose reports may not have been sent. */
  untold(): GivenUpRun[] {
    return [...this.#runs].filter(({ report }) => report !== undefined);
  }

  /** To be called before the report is sent. */
  add(run: GivenUpRun): void {
    this.#runs.add(run);
    this.#keeper?.keep(run);
  }

  /** The report was sent, or could not be, which is the same for the records. */
  told(run: GivenUpRun): void {
    const { report: _, ...told } = run;
    this.#runs.delete(run);
    this.add(told);
  }

  /** Forgets what a checkpoint makes needless. */
  passed(shardId: string, position: Checkpoint["position"]): void {
    if (this.#runs.size === 0) return;
    this.#forget((run) => run.shardId === shardId && !isFurther({ kind: "afterSequence", sequence: run.to }, position));
  }

  /** Forgets the runs of shards that are gone, but for those that nobody was told of yet. */
  clear(shardId?: string): void {
    this.#forget((run) => shardId === undefined || run.shardId === shardId);
  }

  /** Tells which records of a shard are given up; undefined where none is. */
  of(
    streamId: string,
    shardId: string,
  ): ((record: Pick<RecordReference, "sequence" | "laneKey">) => boolean) | undefined {
    if (this.#runs.size === 0) return undefined;
    const runs = [...this.#runs].filter((run) => run.streamId === streamId && run.shardId === shardId);
    if (runs.length === 0) return undefined;
    return ({ sequence, laneKey }) =>
      runs.some(
        ({ from, to, lane, lanes }) =>
          compareSequences(sequence, from) >= 0 &&
          compareSequences(sequence, to) <= 0 &&
          laneOf(laneKey, lanes) === lane,
      );
  }

  #forget(isOver: (run: GivenUpRun) => boolean): void {
    for (const run of this.#runs) {
      if (run.report !== undefined || !isOver(run)) continue;
      this.#runs.delete(run);
      this.#keeper?.forget(run);
    }
  }
}
