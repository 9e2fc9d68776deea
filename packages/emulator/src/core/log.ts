/** From nothing to everything. */
export const logLevels = ["off", "error", "warn", "info", "debug"] as const;

export type LogLevel = (typeof logLevels)[number];

export function isLogLevel(value: unknown): value is LogLevel {
  return logLevels.some((level) => level === value);
}

/** What stands beside the message in JSON. */
export type LogMembers = Readonly<Record<string, string | number | undefined>>;

/** What the emulator says of its own work: errors and warnings to standard error, the rest to standard output, a line each. */
export interface Log {
  /** Whether `debug` writes anything: to be asked before a message is made for it. */
  readonly debugs: boolean;
  error(message: string, members?: LogMembers): void;
  warn(message: string, members?: LogMembers): void;
  info(message: string, members?: LogMembers): void;
  /** @param text What is written where lines are text, which has no members. */
  debug(message: string, members: LogMembers, text: string): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: "text" | "json";
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Takes a line with its end. */
  readonly write: (stream: "stdout" | "stderr", line: string) => void;
}

export function createLog({ level, format, now, write }: LogOptions): Log {
  const most = logLevels.indexOf(level);
  const put = (of: LogLevel, message: string, members: LogMembers, text: string): void => {
    if (logLevels.indexOf(of) > most) return;
    const time = new Date(now()).toISOString();
    const line = format === "json" ? JSON.stringify({ time, level: of, message, ...members }) : text;
    write(of === "error" || of === "warn" ? "stderr" : "stdout", `${line}\n`);
  };
  return {
    debugs: most >= logLevels.indexOf("debug"),
    error: (message, members = {}) => put("error", message, members, `localemu: ${message}`),
    warn: (message, members = {}) => put("warn", message, members, `localemu: ${message}`),
    info: (message, members = {}) => put("info", message, members, message),
    debug: (message, members, text) => put("debug", message, members, text),
  };
}

/** Writes to the standard streams of the process. */
export function writeToProcess(stream: "stdout" | "stderr", line: string): void {
  process[stream].write(line);
}
