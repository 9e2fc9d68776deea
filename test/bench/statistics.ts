/** The median of some numbers; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The median duration of `count` calls, one after the other, in milliseconds; `warmUp` calls before them do not count. */
export async function medianDuration(
  call: (index: number) => Promise<unknown>,
  { count, warmUp }: { readonly count: number; readonly warmUp: number },
): Promise<number> {
  const durations: number[] = [];
  for (let index = 0; index < warmUp + count; index++) {
    const begin = performance.now();
    await call(index);
    if (index >= warmUp) durations.push(performance.now() - begin);
  }
  return median(durations);
}

/** Calls per second of so many callers that each call again as soon as they are answered. */
export async function callsPerSecond(
  call: (index: number) => Promise<unknown>,
  { callers, count }: { readonly callers: number; readonly count: number },
): Promise<number> {
  let started = 0;
  const caller = async (): Promise<void> => {
    while (started < count) await call(started++);
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  return (count / (performance.now() - begin)) * 1000;
}

/** As {@link callsPerSecond}, for a time and not for a number of calls; what is called before it does not count. */
export async function sustainedCallsPerSecond(
  call: () => Promise<unknown>,
  { callers, warmUpMs, ms }: { readonly callers: number; readonly warmUpMs: number; readonly ms: number },
): Promise<number> {
  const from = performance.now() + warmUpMs;
  const until = from + ms;
  let count = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < until) {
      await call();
      const now = performance.now();
      if (now >= from && now < until) count++;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (count / ms) * 1000;
}

/** The median durations of two calls that take turns, in milliseconds: what else the machine does meets both. */
export async function medianDurations(
  calls: readonly [Call, Call],
  { count, warmUp }: { readonly count: number; readonly warmUp: number },
): Promise<readonly [first: number, second: number]> {
  const durations: readonly [number[], number[]] = [[], []];
  for (let index = 0; index < warmUp + count; index++) {
    for (const which of [0, 1] as const) {
      const begin = performance.now();
      await calls[which](index);
      if (index >= warmUp) durations[which].push(performance.now() - begin);
    }
  }
  return [median(durations[0]), median(durations[1])];
}

/** How many calls follow one another before it is the next one's turn. */
const turnLength = 25;

/**
 * The same of any number of calls, in turns of some: what a server does after its replies must not always meet the same other.
 * `first` is the one that begins.
 */
export async function durationsInTurns(
  calls: readonly Call[],
  { count, warmUp, first = 0 }: { readonly count: number; readonly warmUp: number; readonly first?: number },
): Promise<readonly number[]> {
  const durations: number[][] = calls.map(() => []);
  for (let begun = 0; begun < warmUp + count; begun += turnLength) {
    for (let turn = 0; turn < calls.length; turn++) {
      const which = (turn + first) % calls.length;
      for (let index = begun; index < begun + turnLength; index++) {
        const begin = performance.now();
        await calls[which]?.(index);
        if (index >= warmUp) durations[which]?.push(performance.now() - begin);
      }
    }
  }
  return durations.map(median);
}

/** Calls per second of so many callers, in so long a time, milliseconds. */
export async function rateWithin(
  call: (index: number) => Promise<unknown>,
  { callers, ms }: { readonly callers: number; readonly ms: number },
): Promise<{ readonly rate: number; readonly calls: number }> {
  let started = 0;
  const begin = performance.now();
  const caller = async (): Promise<void> => {
    while (performance.now() - begin < ms) await call(started++);
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { rate: (started / (performance.now() - begin)) * 1000, calls: started };
}

type Call = (index: number) => Promise<unknown>;
