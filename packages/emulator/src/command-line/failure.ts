import { DataError } from "../core/data-error.ts";
import { hostTime } from "../core/host-time.ts";
import { createLog, writeToProcess } from "../core/log.ts";
import { OptionError } from "../options.ts";

/** The code with which a process ends that could not do what it was started for; see docs/operating.md. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof OptionError) return 2;
  if (error instanceof Error && "syscall" in error && /^(listen|getaddrinfo)$/.test(String(error.syscall))) return 3;
  return error instanceof DataError ? 4 : 1;
}

/** Tells an error in the format that was asked for: it may be the options that are wrong. */
export function tellFailure(
  error: unknown,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const at = args.indexOf("--log-format");
  const asked = at === -1 ? environment["LOCALEMU_LOG_FORMAT"] : args[at + 1];
  const log = createLog({
    level: "error",
    format: asked === "json" ? "json" : "text",
    now: () => hostTime.epoch(),
    write: writeToProcess,
  });
  log.error(describe(error));
}

function describe(error: unknown): string {
  if (error instanceof OptionError || error instanceof DataError) return error.message;
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "EADDRINUSE") {
    return `${error.message}: another program listens there; choose another port with --port or LOCALEMU_PORT (0 for any free one)`;
  }
  return "code" in error && typeof error.code === "string" ? error.message : (error.stack ?? error.message);
}
