import type { EmulatorOptions } from "../options.ts";

type LogLevel = NonNullable<EmulatorOptions["logLevel"]>;

const levels: { readonly [lsLog: string]: LogLevel } = {
  trace: "debug",
  "trace-internal": "debug",
  debug: "debug",
  info: "info",
  warn: "warn",
  warning: "warn",
  error: "error",
};

/**
 * What LocalStack's `LS_LOG` asks for, or else its `DEBUG=1`. Values that it does not know are others': many programs read a
 * variable `DEBUG`.
 */
export function localStackLogLevel(debug = "", lsLog = ""): EmulatorOptions {
  const logLevel = levels[lsLog.toLowerCase()] ?? (debug === "1" || debug === "true" ? "debug" : undefined);
  return logLevel === undefined ? {} : { logLevel };
}
