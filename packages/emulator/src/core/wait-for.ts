import type { HostTime } from "./host-time.ts";

/** What ends a wait besides the thing that is waited for. */
export interface WaitLimit {
  /** Host monotonic time; Infinity where only the signal ends the wait. */
  readonly deadline: number;
  /** Aborted when nobody wants to know any more. */
  readonly signal?: AbortSignal | undefined;
}

export function isOver(host: HostTime, { deadline, signal }: WaitLimit): boolean {
  return signal?.aborted === true || host.monotonic() >= deadline;
}

/** True when `listen` told of what is waited for; false when the limit was reached first. `listen` answers with its end. */
export function waitFor(host: HostTime, limit: WaitLimit, listen: (tell: () => void) => () => void): Promise<boolean> {
  if (isOver(host, limit)) return Promise.resolve(false);
  const { deadline, signal } = limit;
  return new Promise((resolve) => {
    const end = (told: boolean): void => {
      cancel();
      stop();
      signal?.removeEventListener("abort", giveUp);
      resolve(told);
    };
    const giveUp = (): void => end(false);
    const cancel = deadline === Infinity ? () => {} : host.setTimeout(giveUp, deadline - host.monotonic());
    const stop = listen(() => end(true));
    signal?.addEventListener("abort", giveUp, { once: true });
  });
}
