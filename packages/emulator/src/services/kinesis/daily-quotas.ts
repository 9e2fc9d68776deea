import { tooOften } from "./errors.ts";
import type { KinesisState } from "./state/kinesis-state.ts";
import { RollingWindow } from "./state/rolling-window.ts";
import type { Stream } from "./state/stream.ts";

/** AWS: how often a stream may be changed in this way within 24 hours, wherever they begin (AWS docs). */
const dailyQuotas = { UpdateShardCount: 10, UpdateStreamMode: 2, StartStreamEncryption: 25 } as const;
const day = 86_400_000;

export type DailyOperation = keyof typeof dailyQuotas;

/**
 * Counts a change that is about to be made; throws where it would be one too many. Assumed: what was refused, and what changes
 * nothing, does not count.
 */
export function countDaily(state: KinesisState, stream: Stream, operation: DailyOperation, account: string): void {
  const quota = dailyQuotas[operation];
  let changes = stream.changes.get(operation);
  if (changes === undefined) stream.changes.set(operation, (changes = new RollingWindow(quota, day)));
  const now = state.now();
  if (!changes.holds(1, now)) throw tooOften(operation, quota, stream.name, account);
  changes.take(1, now);
}
