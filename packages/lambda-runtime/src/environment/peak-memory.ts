const MAX_AGE_MS = 1000;

/** The most memory that a process has used, in whole MB. */
export class PeakMemory {
  #megabytes = 0;
  #readAt = Number.NEGATIVE_INFINITY;

  /** Asks the system at most once a second. */
  read(pid: number, now: number): number {
    if (now - this.#readAt > MAX_AGE_MS) {
      this.#readAt = now;
      this.look(pid);
    }
    return this.#megabytes;
  }

  /** Asks the system, so that there is an answer when the process is gone. */
  look(pid: number): void {
    if (pid !== 0) this.#megabytes = peakMegabytes(pid) ?? this.#megabytes;
  }
}

function peakMegabytes(pid: number): number | undefined {
  try {
    const status = process.getBuiltinModule("node:fs").readFileSync(`/proc/${pid}/status`, "latin1");
    const kilobytes = /^VmHWM:\s*(\d+)/m.exec(status)?.[1];
    return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024);
  } catch {
    // The process is gone, or the system has no /proc: the figure before stays.
    return undefined;
  }
}
