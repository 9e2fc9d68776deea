/** The lines that the platform writes around the function's own. AWS: formats recorded on AWS. */

export interface ReportFigures {
  readonly requestId: string;
  readonly durationMs: number;
  readonly memorySizeMb: number;
  readonly maxMemoryMb: number;
  /** Only on the first invocation of an environment. */
  readonly initDurationMs: number | undefined;
  /** Only when the platform ended the invocation: `timeout`, or the error type. */
  readonly failure: string | undefined;
}

export function initStartLine(runtime: string, region: string, runtimeHash: string): string {
  const [, name = runtime, version = ""] = /^([a-z]+)([\w.]*)$/.exec(runtime) ?? [];
  const label = version === "" ? name : `${name}:${version.replace(/^\./, "").replace(/\.x$/, "")}`;
  return `INIT_START Runtime Version: ${label}.v1\tRuntime Version ARN: arn:aws:lambda:${region}::runtime:${runtimeHash}\n`;
}

export function initReportLine(durationMs: number, phase: "init" | "invoke", failure: string): string {
  return `INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms\tPhase: ${phase}\t${status(failure)}\n`;
}

/** AWS: format from logs of AWS users. */
export function extensionLine(name: string, state: string, events: readonly string[], errorType?: string): string {
  const failure = errorType === undefined ? "" : `\tError Type: ${errorType}`;
  return `EXTENSION\tName: ${name}\tState: ${state}\tEvents: [${events.join(",")}]${failure}\n`;
}

export function startLine(requestId: string, version: string): string {
  return `START RequestId: ${requestId} Version: ${version}\n`;
}

export function endLine(requestId: string): string {
  return `END RequestId: ${requestId}\n`;
}

export function reportLine(figures: ReportFigures): string {
  const { requestId, durationMs, memorySizeMb, maxMemoryMb, initDurationMs, failure } = figures;
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs)} ms`,
    `Memory Size: ${memorySizeMb} MB`,
    `Max Memory Used: ${maxMemoryMb} MB`,
  ];
  if (initDurationMs !== undefined) {
    fields.push(`Init Duration: ${initDurationMs.toFixed(2)} ms`);
  }
  fields.push(failure === undefined ? "" : status(failure));
  return `${fields.join("\t")}\n`;
}

export function timedOutLine(now: number, requestId: string, seconds: string): string {
  return `${new Date(now).toISOString()} ${requestId} Task timed out after ${seconds} seconds\n\n`;
}

export function failureLine(failure: { readonly errorType: string; readonly errorMessage: string }): string {
  return `${failure.errorMessage}\n${failure.errorType}\n`;
}

function status(failure: string): string {
  return failure === "timeout" ? "Status: timeout" : `Status: error\tError Type: ${failure}`;
}
