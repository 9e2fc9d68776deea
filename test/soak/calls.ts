/** What the message of every error begins with that was asked for. */
export const injected = "injected by the soak";

/** How long calls of each kind took, and what went wrong that nobody had asked for. */
export interface CallReport {
  readonly durations: Readonly<Record<string, readonly number[]>>;
  /** Calls that failed because they were to. */
  readonly refused: number;
  readonly problems: readonly string[];
}

/** The calls of one client. */
export class Calls {
  #durations: Record<string, number[]> = {};
  #refused = 0;
  #problems: string[] = [];

  /** Calls, measured under that name; undefined where it failed, which is noted unless it was to. */
  async measure<T>(kind: string, call: () => Promise<T>): Promise<T | undefined> {
    const begin = performance.now();
    try {
      const answer = await call();
      (this.#durations[kind] ??= []).push(performance.now() - begin);
      return answer;
    } catch (error) {
      if (error instanceof Error && error.message.startsWith(injected)) this.#refused++;
      else this.note(`${kind}: ${String(error)}`);
      return undefined;
    }
  }

  note(problem: string): void {
    this.#problems.push(problem);
  }

  /** What came since it was last asked for. */
  take(): CallReport {
    const report = { durations: this.#durations, refused: this.#refused, problems: this.#problems };
    this.#durations = {};
    this.#refused = 0;
    this.#problems = [];
    return report;
  }
}

/** How long an answer takes on this machine at this time, from a server that does nothing. */
export const yardstick = "yardstick";

/** Acts at a steady pace until the time given is over; what comes late is left out, not made up for. */
export async function every(ms: number, until: number, act: () => Promise<unknown>): Promise<void> {
  for (let next = performance.now() + ms; next < until; next = Math.max(next + ms, performance.now())) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
    await act();
  }
}
