/** What a runtime posts to `/error` and `/init/error`. */
export interface FormattedError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** An error of the runtime itself: its name is the `errorType` that the caller of the function sees. */
export class RuntimeError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export function platformError(message: string): RuntimeError {
  return new RuntimeError("Runtime.PlatformError", message);
}

// AWS: the DEL character would be refused in a header, so the runtime escapes it everywhere (aws-lambda-ric).
function withoutDel(text: unknown): string {
  return String(text).replaceAll("\u007f", "%7F");
}

export function formatError(error: unknown): FormattedError {
  try {
    if (error instanceof Error) {
      const { name, message, stack } = error;
      return {
        errorType: withoutDel(name),
        errorMessage: withoutDel(message),
        trace: typeof stack === "string" ? withoutDel(stack).split("\n") : [],
      };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return {
      errorType: "handled",
      errorMessage:
        "callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack",
      trace: [],
    };
  }
}

/** The handler's result as JSON; `undefined` becomes `null`. Throws `Runtime.JSONStringifyError`. */
export function serializeResult(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch {
    throw new RuntimeError("Runtime.JSONStringifyError", "Unable to stringify response body");
  }
}

/** The text that follows `Invoke Error` and `Init Error` in the log: the error with its own properties, as JSON. */
export function describeForLog(error: unknown): string {
  const subject = error instanceof Error ? error : new Error(String(error));
  try {
    return `\t${JSON.stringify(subject, (_key, value: unknown) => (value instanceof Error ? enumerable(value) : value))}`;
  } catch {
    return `\t${JSON.stringify(formatError(subject))}`;
  }
}

function enumerable(error: Error): Record<string, unknown> {
  const code: unknown = Reflect.get(error, "code");
  const properties: Record<string, unknown> = { errorType: error.name, errorMessage: error.message, code };
  Object.assign(properties, error);
  if (typeof error.stack === "string") {
    properties["stack"] = error.stack.split("\n");
  }
  return properties;
}

interface StackEntry {
  readonly path: string;
  readonly line: number;
  readonly label: string;
}

/** The X-Ray cause of an error (`Lambda-Runtime-Function-XRay-Error-Cause`), or "" when there is none to tell. */
export function formatXrayCause(error: unknown): string {
  if (!(error instanceof Error)) {
    return JSON.stringify({ working_directory: process.cwd(), exceptions: [{ stack: [] }], paths: [] });
  }
  try {
    const stack = stackEntries(error.stack);
    return JSON.stringify({
      working_directory: process.cwd(),
      exceptions: [{ type: withoutDel(error.name), message: withoutDel(error.message), stack }],
      paths: [...new Set(stack.map((entry) => entry.path))],
    });
  } catch {
    return "";
  }
}

function stackEntries(stack: string | undefined): StackEntry[] {
  if (stack === undefined) {
    return [];
  }
  const [, ...lines] = withoutDel(stack).split("\n");
  return lines.map((line) => {
    const trimmed = line
      .trim()
      .replace(/[()]/g, "")
      .replace(/^[^\s]*\s/, "");
    const space = trimmed.lastIndexOf(" ");
    const [path = "", lineNumber = ""] = trimmed.slice(space + 1).split(":");
    return { path, line: Number.parseInt(lineNumber, 10), label: space < 0 ? "anonymous" : trimmed.slice(0, space) };
  });
}
