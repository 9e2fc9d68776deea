import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { RuntimeError } from "./errors.ts";

/** A Lambda handler of any shape: `(event, context)`, `(event, context, callback)` or `(event, stream, context)`. */
export type Handler = (...args: readonly unknown[]) => unknown;

export const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
export const STREAM_RESPONSE = "response";

/** Loads the function that a handler string such as `src/app.handler` or `index.api.get` names. */
export async function loadHandler(taskRoot: string, handlerName: string): Promise<Handler> {
  if (handlerName.includes("..")) {
    throw new RuntimeError(
      "Runtime.MalformedHandlerName",
      `'${handlerName}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const fileAndExport = basename(handlerName);
  const match = /^([^.]*)\.(.*)$/.exec(fileAndExport);
  const [, moduleName, exportName] = match ?? [];
  if (moduleName === undefined || exportName === undefined) {
    throw new RuntimeError("Runtime.MalformedHandlerName", "Bad handler");
  }
  const folder = handlerName.slice(0, handlerName.indexOf(fileAndExport)).replace(/\/$/, "");
  return findHandler(await loadModule(taskRoot, folder, moduleName), exportName, handlerName);
}

/** Whether the handler was made by `awslambda.streamifyResponse`. */
export function isStreaming(handler: Handler): boolean {
  const tag: unknown = Reflect.get(handler, STREAMING);
  if (tag === undefined || tag === null || tag === false || tag === "") {
    return false;
  }
  if (tag === STREAM_RESPONSE) {
    return true;
  }
  throw new RuntimeError("Runtime.MalformedStreamingHandler", "Only response streaming is supported.");
}

async function loadModule(taskRoot: string, folder: string, name: string): Promise<unknown> {
  const file = resolve(taskRoot, folder, name);
  try {
    for (const extension of ["", ".js", ".mjs", ".cjs"]) {
      if (existsSync(file + extension)) {
        return await import(file + extension);
      }
    }
    const require = createRequire(__filename);
    const loaded: unknown = require(require.resolve(name, { paths: [taskRoot, join(taskRoot, folder)] }));
    return loaded;
  } catch (error) {
    throw asInitError(error);
  }
}

function asInitError(error: unknown): unknown {
  if (error instanceof SyntaxError) {
    const wrapped = new RuntimeError("Runtime.UserCodeSyntaxError", String(error));
    if (error.stack !== undefined) {
      wrapped.stack = error.stack;
    }
    return wrapped;
  }
  // AWS: a package that an ES module misses (ERR_MODULE_NOT_FOUND) keeps Node's own error (aws-lambda-ric).
  if (error instanceof Error && Reflect.get(error, "code") === "MODULE_NOT_FOUND") {
    return new RuntimeError("Runtime.ImportModuleError", String(error));
  }
  return error;
}

function findHandler(loaded: unknown, exportName: string, fullName: string): Handler {
  const found = member(loaded, exportName) || member(property(loaded, "default"), exportName);
  if (!found) {
    throw new RuntimeError("Runtime.HandlerNotFound", `${fullName} is undefined or not exported`);
  }
  if (!isHandler(found)) {
    throw new RuntimeError("Runtime.HandlerNotFound", `${fullName} is not a function`);
  }
  return found;
}

function member(root: unknown, path: string): unknown {
  return path.split(".").reduce(property, root);
}

function property(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function isHandler(value: unknown): value is Handler {
  return typeof value === "function";
}
