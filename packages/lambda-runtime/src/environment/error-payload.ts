import type { ExecutionExit } from "./executor.ts";

export interface PlatformFailure {
  readonly errorType: string;
  readonly errorMessage: string;
}

const encoder = new TextEncoder();

/** The payload of a failure that the platform reports in the function's place. */
export function encodeFailure(failure: PlatformFailure): Uint8Array {
  return encoder.encode(JSON.stringify(failure));
}

export function timedOut(requestId: string, timeoutMs: number): PlatformFailure {
  return {
    errorType: "Sandbox.Timedout",
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds(timeoutMs)} seconds`,
  };
}

// Assumed: AWS hides such a failure behind a new environment; the error type is that of its platform.
export function startTimedOut(requestId: string, limitMs: number): PlatformFailure {
  return {
    errorType: "Sandbox.Failure",
    errorMessage: `RequestId: ${requestId} Error: The execution environment did not start within ${seconds(limitMs)} seconds`,
  };
}

export function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}

export function processExited(requestId: string, exit: ExecutionExit): PlatformFailure {
  return { errorType: exitType(exit), errorMessage: `RequestId: ${requestId} Error: ${describeExit(exit)}` };
}

export function exitType(exit: ExecutionExit): string {
  if (exit.extension !== undefined) return exit.extension.errorType;
  return exit.spawnError === undefined ? "Runtime.ExitError" : "Runtime.InvalidEntrypoint";
}

/** AWS: the texts of the platform for a process that ended (recorded on AWS). */
export function describeExit({ code, signal, spawnError, extension }: ExecutionExit): string {
  if (extension !== undefined) {
    return extension.message;
  }
  if (spawnError !== undefined) {
    return spawnError.message;
  }
  if (signal !== undefined) {
    return `Runtime exited with error: signal: ${SIGNALS.get(signal) ?? signal.toLowerCase()}`;
  }
  return code === undefined || code === 0
    ? "Runtime exited without providing a reason"
    : `Runtime exited with error: exit status ${code}`;
}

// The names that Go, in which the platform is written, gives to signals.
const SIGNALS = new Map<string, string>([
  ["SIGHUP", "hangup"],
  ["SIGINT", "interrupt"],
  ["SIGQUIT", "quit"],
  ["SIGILL", "illegal instruction"],
  ["SIGTRAP", "trace/breakpoint trap"],
  ["SIGABRT", "aborted"],
  ["SIGBUS", "bus error"],
  ["SIGFPE", "floating point exception"],
  ["SIGKILL", "killed"],
  ["SIGSEGV", "segmentation fault"],
  ["SIGPIPE", "broken pipe"],
  ["SIGALRM", "alarm clock"],
  ["SIGTERM", "terminated"],
]);

/** AWS: text recorded on AWS; the environment survives. */
export function responseTooLarge(limit: number): PlatformFailure {
  return {
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: `Response payload size exceeded maximum allowed payload size (${limit} bytes).`,
  };
}

export function truncatedResponse(requestId: string): PlatformFailure {
  // Assumed: the platform's own text for a response that breaks off is not recorded anywhere.
  return {
    errorType: "Runtime.TruncatedResponse",
    errorMessage: `RequestId: ${requestId} Error: The response of the runtime was truncated`,
  };
}
