import { types } from "node:util";
import type { Rules } from "./rules.ts";

/** What a runtime posts to `/error` and `/init/error`; a member without a value is left out. */
export interface FormattedError {
  readonly errorType: string | undefined;
  readonly errorMessage: string | undefined;
  readonly trace?: readonly string[];
}

const KINDS = {
  ImportModuleError: "ImportModuleError",
  HandlerNotFound: "HandlerNotFoundError",
  MalformedHandlerName: "MalformedHandlerNameError",
  UserCodeSyntaxError: "UserCodeSyntaxError",
  MalformedStreamingHandler: "MalformedStreamingHandler",
  InvalidStreamingOperation: "InvalidStreamingOperation",
  UnhandledPromiseRejection: "UnhandledPromiseRejection",
  JSONStringifyError: "JSONStringifyError",
  CallbackHandlerDeprecated: "CallbackHandlerDeprecatedError",
  PlatformError: "PlatformError",
} as const;

/**
 * An error of the runtime itself: `Runtime.<kind>` is the `errorType` that the caller of the function sees.
 * AWS: logs in JSON call it by the name of its class instead, and of aws-lambda-ric 4 it has the name as a property of its own.
 */
export function runtimeError(rules: Rules, kind: keyof typeof KINDS, message: string): Error {
  const name = `Runtime.${kind}`;
  const Kind = class extends Error {};
  Object.defineProperty(Kind, "name", { value: rules === "ric4" ? KINDS[kind] : kind });
  Object.defineProperty(Kind.prototype, "name", { value: name, writable: true, configurable: true });
  const error = new Kind(message);
  if (rules === "ric4") {
    error.name = name;
  }
  return error;
}

export function platformError(message: string): Error {
  return runtimeError("ric4", "PlatformError", message);
}

// AWS: the DEL character would be refused in a header, so the runtime escapes it everywhere (aws-lambda-ric).
function withoutDel(text: unknown): string | undefined {
  if (text === undefined || text === null) {
    return undefined;
  }
  if (typeof text !== "string") {
    throw new TypeError("A name, message or stack must be a text");
  }
  return text.replaceAll("\u007f", "%7F");
}

const UNREADABLE = {
  errorType: "handled",
  errorMessage:
    "callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack",
};

export function formatError(rules: Rules, error: unknown): FormattedError {
  try {
    if (rules === "ric3" ? types.isNativeError(error) || looksLikeError(error) : error instanceof Error) {
      const stack = withoutDel(property(error, "stack"));
      if (stack === undefined && rules === "ric3") {
        return UNREADABLE;
      }
      return {
        errorType: withoutDel(property(error, "name")),
        errorMessage: withoutDel(property(error, "message")),
        trace: stack?.split("\n") ?? [],
      };
    }
    if (rules === "ric3" && (error === null || error === undefined)) {
      return UNREADABLE;
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return rules === "ric3" ? UNREADABLE : { ...UNREADABLE, trace: [] };
  }
}

function looksLikeError(value: unknown): boolean {
  return ["name", "message", "stack"].every((key) => {
    const text = property(value, key);
    return typeof text === "string" && text !== "";
  });
}

/** A property of anything that has properties; undefined and null have none. */
function property(value: unknown, key: string): unknown {
  return value === undefined || value === null ? undefined : Reflect.get(Object(value), key, value);
}

/** The handler's result as JSON; `undefined` becomes `null`. */
export function serializeResult(rules: Rules, value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value === undefined ? null : value);
  } catch {
    const message = "Unable to stringify response body";
    throw rules === "ric3" ? new Error(message) : runtimeError(rules, "JSONStringifyError", message);
  }
  if (json === undefined) {
    // AWS: what has no JSON, such as a function, is refused by the native part of the client (aws-lambda-ric).
    throw new TypeError("Wrong arguments");
  }
  return json;
}

export function asError(rules: Rules, error: unknown): Error {
  if (error instanceof Error) {
    return error;
  }
  return rules === "ric3" && error === undefined ? new Error() : new Error(String(error));
}

/** The text that follows `Invoke Error` and `Init Error` in the log: the error with its own properties, as JSON. */
export function describeForLog(rules: Rules, error: unknown): string {
  const subject = asError(rules, error);
  try {
    return `\t${JSON.stringify(subject, (_key, value: unknown) => (value instanceof Error ? enumerable(value) : value))}`;
  } catch {
    return `\t${JSON.stringify(formatError(rules, subject))}`;
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
  if (error === undefined || error === null) {
    return "";
  }
  try {
    const stack = stackEntries(property(error, "stack"));
    const type = withoutDel(property(error, "name"));
    const message = withoutDel(property(error, "message"));
    return JSON.stringify({
      working_directory: process.cwd(),
      exceptions: [{ type, message, stack }],
      paths: [...new Set(stack.map((entry) => entry.path))],
    });
  } catch {
    return "";
  }
}

function stackEntries(stack: unknown): StackEntry[] {
  const [, ...lines] = stack === "" ? [] : (withoutDel(stack)?.split("\n") ?? []);
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
