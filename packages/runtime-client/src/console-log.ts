import { writeSync } from "node:fs";
import { format } from "node:util";
import { describeForLog } from "./errors.ts";
import type { InvokeStore } from "./invoke-store.ts";

const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const;
type Level = (typeof LEVELS)[number];

// AWS: the logging contract between runtime and platform: type, length, microseconds, text; big-endian (aws-lambda-ric).
const FRAME_HEADER = 16;
const TEXT_FRAME = 0xa55a0003;
const JSON_FRAME = 0xa55a0002;

export interface ConsoleOptions {
  readonly format: "TEXT" | "JSON";
  /** The least severe level that is written. */
  readonly level: Level;
  /** A pipe that keeps the boundaries of messages; without it each message is one line on stdout. */
  readonly frameFd: number | undefined;
}

/** Reads the options from the environment and removes what the function should not see. */
export function consoleOptions(environment: NodeJS.ProcessEnv): ConsoleOptions {
  const frameFd = Number(environment["_LAMBDA_TELEMETRY_LOG_FD"] ?? NaN);
  delete environment["_LAMBDA_TELEMETRY_LOG_FD"];
  const wanted = environment["AWS_LAMBDA_LOG_LEVEL"]?.toUpperCase();
  return {
    format: environment["AWS_LAMBDA_LOG_FORMAT"]?.toUpperCase() === "JSON" ? "JSON" : "TEXT",
    level: LEVELS.find((level) => level === wanted) ?? "TRACE",
    frameFd: Number.isInteger(frameFd) && frameFd > 0 ? frameFd : undefined,
  };
}

export interface ErrorLog {
  /** Logs an error of the function as the runtime does: `Invoke Error`, `Init Error`, … */
  error(what: string, error: unknown): void;
}

/** Makes `console.*` write Lambda's log format. */
export function patchConsole(options: ConsoleOptions, store: InvokeStore): ErrorLog {
  const { frameFd } = options;
  const write = frameFd === undefined ? writeLine : frameWriter(frameFd, options.format);
  const least = LEVELS.indexOf(options.level);
  const logger = (level: Level): ((...args: unknown[]) => void) => {
    if (LEVELS.indexOf(level) < least) {
      return () => undefined;
    }
    return (...args) => {
      const now = new Date();
      write(
        level,
        now,
        options.format === "JSON" ? jsonMessage(level, now, store, args) : textMessage(level, now, store, args),
      );
    };
  };
  const error = logger("ERROR");
  const info = logger("INFO");
  Object.assign(console, {
    trace: logger("TRACE"),
    debug: logger("DEBUG"),
    info,
    log: info,
    warn: logger("WARN"),
    error,
    fatal: logger("FATAL"),
  });
  return {
    error: (what, cause) => {
      if (options.format === "JSON") {
        error(cause instanceof Error ? cause : new Error(String(cause)));
      } else {
        error(what, describeForLog(cause));
      }
    },
  };
}

function textMessage(level: Level, now: Date, store: InvokeStore, args: unknown[]): string {
  return `${now.toISOString()}\t${store.getRequestId()}\t${level}\t${format(...args)}`;
}

function jsonMessage(level: Level, now: Date, store: InvokeStore, args: unknown[]): string {
  const tenantId = store.getTenantId();
  const line: Record<string, unknown> = { timestamp: now.toISOString(), level, requestId: store.getRequestId() };
  if (tenantId !== undefined) {
    line["tenantId"] = tenantId;
  }
  if (args.length > 1) {
    const error = args.slice(1).find((arg) => arg instanceof Error);
    return JSON.stringify({ ...line, message: format(...args), ...(error === undefined ? {} : errorFields(error)) });
  }
  const [message] = args;
  try {
    return JSON.stringify({ ...line, message }, (_key, value: unknown) =>
      value instanceof Error ? Object.assign(errorFields(value), value) : value,
    );
  } catch {
    return JSON.stringify({ ...line, message: format(message) });
  }
}

function errorFields(error: Error): Record<string, unknown> {
  return {
    errorType: error.constructor?.name ?? "UnknownError",
    errorMessage: error.message,
    stackTrace: typeof error.stack === "string" ? error.stack.split("\n") : [],
  };
}

function writeLine(_level: Level, _now: Date, message: string): void {
  process.stdout.write(`${message.replaceAll("\n", "\r")}\n`);
}

function frameWriter(fd: number, messageFormat: "TEXT" | "JSON"): (level: Level, now: Date, message: string) => void {
  const type = messageFormat === "JSON" ? JSON_FRAME : TEXT_FRAME;
  return (level, now, message) => {
    const text = messageFormat === "JSON" ? message : `${message}\n`;
    const length = Buffer.byteLength(text, "utf8");
    const frame = Buffer.allocUnsafe(FRAME_HEADER + length);
    frame.writeUInt32BE((type | ((LEVELS.indexOf(level) + 1) * 4)) >>> 0, 0);
    frame.writeUInt32BE(length, 4);
    frame.writeBigInt64BE(BigInt(now.getTime()) * 1000n, 8);
    frame.write(text, FRAME_HEADER, "utf8");
    for (let written = 0; written < frame.length;) {
      written += writeSync(fd, frame, written);
    }
  };
}
