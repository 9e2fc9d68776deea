import type { GivenUp } from "./given-up.ts";
import type { Reader, Run } from "./record-ledger.test.fixture.ts";

/** Reports that were under way in a crash: each is to be sent again as it was. */
export class OwedReports {
  /** By report: the stream that it is of. */
  readonly #owed = new Map<string, string>();
  /** Runs of streams that are gone, whose reports were sent again. */
  readonly #former = new Set<string>();

  crash(givenUp: GivenUp): void {
    for (const { report, streamId } of givenUp.untold()) this.#owed.set(report?.body ?? "", streamId);
  }

  /** Whether it is the report of a stream that is gone. */
  sent(report: string, { stream }: Reader, run: Run): boolean {
    const isFormer = (this.#owed.get(report) ?? stream.streamId) !== stream.streamId;
    this.#owed.delete(report);
    if (isFormer) this.#former.add(keyOf(run));
    return isFormer;
  }

  /** Whether a run that is discarded is of a stream that is gone. */
  isFormer(run: Run): boolean {
    return this.#former.delete(keyOf(run));
  }

  get left(): readonly string[] {
    return [...this.#owed.keys()];
  }
}

function keyOf({ shardId, from, to }: Run): string {
  return `${shardId} ${from} ${to}`;
}
