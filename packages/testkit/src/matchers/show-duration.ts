/** `50 ms`, `1.5 s`, `5 min`. */
export function showDuration(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)} ms`;
  if (ms < 120_000) return `${tenths(ms / 1000)} s`;
  return `${tenths(ms / 60_000)} min`;
}

/** Rounded up: who advances by it gets past the timer. */
function tenths(value: number): number {
  return Math.ceil(value * 10) / 10;
}
