/** World time: what may be virtual. Reclaiming idle environments follows it. */
export interface RuntimeClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `fire` once after `delayMs`; a housekeeping timer, nobody waits for it. Returns the cancellation. */
  schedule(delayMs: number, label: string, fire: () => void): () => void;
}

/** Host time: never virtual. Timeouts, deadlines and durations follow it. */
export interface HostTime {
  /** Milliseconds from a fixed point, with fractions; never goes back. */
  monotonic(): number;
  /** Milliseconds since the epoch. */
  epoch(): number;
  /** Calls `fire` once after `ms`. Returns the cancellation. */
  setTimeout(fire: () => void, ms: number): () => void;
  /** Calls `fire` after the events that are already there. */
  setImmediate(fire: () => void): void;
}

/** One event of an environment's log stream. */
export interface LogEvent {
  /** The log group of the function. */
  readonly group: string;
  /** The log stream of the environment: `YYYY/MM/DD/[version]hex`. */
  readonly stream: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** The text with its final newline. */
  readonly message: string;
}

/** Takes the log of all environments. */
export interface RuntimeLog {
  write(event: LogEvent): void;
}
