import { writeSync } from "node:fs";
import { format } from "node:util";
import { asError, describeForLog } from "./errors.ts";
import type { CurrentInvocation } from "./invoke-store.ts";
import { isConcurrent, rulesOf, type Rules } from "./rules.ts";

const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const;
type Level = (typeof LEVELS)[number];

// AWS: the logging contract between runtime and platform: type, length, microseconds, text; big-endian (aws-lambda-ric).
const FRAME_HEADER = 16;
const TEXT_FRAME = 0xa55a0003;
const JSON_FRAME = 0xa55a0002;

export interface ConsoleOptions {
  readonly rules: Rules;
  readonly format: "TEXT" | "JSON";
  /** How the runtime's own reports of errors are made before they are formatted. */
  readonly errors: "TEXT" | "JSON";
  /** The least severe level that is written. */
  readonly level: Level;
  /** A pipe that keeps the boundaries of messages; without it each message is one line on stdout. */
  readonly frameFd: number | undefined;
}

/** Reads the options from the environment and removes what the function should not see. */
export function consoleOptions(environment: NodeJS.ProcessEnv): ConsoleOptions {
  // AWS: several threads write whole lines of JSON to stdout, whatever the format is (aws-lambda-ric 4).
  const concurrent = isConcurrent(environment);
  const frameFd = concurrent ? NaN : Number(environment["_LAMBDA_TELEMETRY_LOG_FD"] ?? NaN);
  if (!concurrent) {
    delete environment["_LAMBDA_TELEMETRY_LOG_FD"];
  }
  const errors = environment["AWS_LAMBDA_LOG_FORMAT"]?.toUpperCase() === "JSON" ? "JSON" : "TEXT";
  const wanted = environment["AWS_LAMBDA_LOG_LEVEL"]?.toUpperCase();
  return {
    rules: rulesOf(environment),
    format: concurrent ? "JSON" : errors,
    errors,
    level: LEVELS.find((level) => level === wanted) ?? "TRACE",
    frameFd: Number.isInteger(frameFd) && frameFd > 0 ? frameFd : undefined,
  };
}

export interface ErrorLog {
  /** Logs an error of the function as the runtime does: `Invoke Error`, `Init Error`, … */
  error(what: string, error: unknown): void;
}

/** Makes `console.*` write Lambda's log format. */
export function patchConsole(options: ConsoleOptions, current: CurrentInvocation): ErrorLog {
  const { frameFd, rules } = options;
  const write = frameFd === undefined ? writeLine : frameWriter(frameFd, options.format);
  const formatLine = options.format === "JSON" ? jsonMessage : textMessage;
  const least = LEVELS.indexOf(options.level);
  const logger = (level: Level): ((message?: unknown, ...more: unknown[]) => void) => {
    if (LEVELS.indexOf(level) < least) {
      return () => undefined;
    }
    return (message, ...more) => {
      const now = new Date();
      write(level, now, formatLine({ rules, level, time: now.toISOString(), current }, message, more));
    };
  };
  const info = logger("INFO");
  Object.assign(console, {
    trace: logger("TRACE"),
    debug: logger("DEBUG"),
    info,
    log: info,
    warn: logger("WARN"),
    error: logger("ERROR"),
    fatal: logger("FATAL"),
  });
  return {
    // AWS: it is console.error that writes it, as the function may have replaced it (aws-lambda-ric).
    error: (what, cause) => {
      if (options.errors === "JSON") {
        // eslint-disable-next-line no-console -- see above
        console.error(asError(rules, cause));
      } else {
        // eslint-disable-next-line no-console -- see above
        console.error(what, describeForLog(rules, cause));
      }
    },
  };
}

interface Line {
  readonly rules: Rules;
  readonly level: Level;
  readonly time: string;
  readonly current: CurrentInvocation;
}

function textMessage({ level, time, current }: Line, message: unknown, more: readonly unknown[]): string {
  return `${time}\t${current.getRequestId()}\t${level}\t${format(message, ...more)}`;
}

function jsonMessage({ rules, level, time, current }: Line, message: unknown, more: readonly unknown[]): string {
  const tenantId = current.getTenantId();
  const line: Record<string, unknown> = { timestamp: time, level, requestId: current.getRequestId() };
  if (tenantId !== undefined) {
    line["tenantId"] = tenantId;
  }
  if (more.length > 0) {
    // AWS: since nodejs24.x an error that comes first is only part of the text (aws-lambda-ric).
    const error = (rules === "ric3" ? [message, ...more] : more).find((arg) => arg instanceof Error);
    return JSON.stringify({
      ...line,
      message: format(message, ...more),
      ...(error === undefined ? {} : errorFields(error, [])),
    });
  }
  try {
    return JSON.stringify({ ...line, message }, (_key, value: unknown) =>
      value instanceof Error ? Object.assign(errorFields(value, value.stack), value) : value,
    );
  } catch {
    return JSON.stringify({ ...line, message: format(message) });
  }
}

function errorFields(error: Error, otherwise: unknown): Record<string, unknown> {
  return {
    errorType: error.constructor?.name ?? "UnknownError",
    errorMessage: error.message,
    stackTrace: typeof error.stack === "string" ? error.stack.split("\n") : otherwise,
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
