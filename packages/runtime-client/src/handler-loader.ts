import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { runtimeError } from "./errors.ts";
import { loadByRequire } from "./require-loader.ts";
import type { Rules } from "./rules.ts";

/** A Lambda handler of any shape: `(event, context)`, `(event, context, callback)` or `(event, stream, context)`. */
export type Handler = (...args: readonly unknown[]) => unknown;

export const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
export const STREAM_RESPONSE = "response";

/** Loads the function that a handler string such as `src/app.handler` or `index.api.get` names. */
export async function loadHandler(taskRoot: string, handlerName: string, rules: Rules): Promise<Handler> {
  if (handlerName.includes("..")) {
    throw runtimeError(
      rules,
      "MalformedHandlerName",
      `'${handlerName}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const fileAndExport = basename(handlerName);
  const match = /^([^.]*)\.(.*)$/.exec(fileAndExport);
  const [, moduleName, exportName] = match ?? [];
  if (moduleName === undefined || exportName === undefined) {
    throw runtimeError(rules, "MalformedHandlerName", "Bad handler");
  }
  const folder = handlerName.slice(0, handlerName.indexOf(fileAndExport)).replace(/\/$/, "");
  const load = rules === "ric3" ? loadByRequire : loadModule;
  let loaded: unknown;
  try {
    loaded = await load(taskRoot, folder, moduleName);
  } catch (error) {
    throw asInitError(rules, error);
  }
  return findHandler(rules, loaded, exportName, handlerName);
}

/** Whether the handler was made by `awslambda.streamifyResponse`. */
export function isStreaming(handler: Handler, rules: Rules): boolean {
  const tag: unknown = Reflect.get(handler, STREAMING);
  if (tag === undefined || tag === null || tag === false || (tag === "" && rules === "ric4")) {
    return false;
  }
  if (tag === STREAM_RESPONSE) {
    return true;
  }
  throw runtimeError(rules, "MalformedStreamingHandler", "Only response streaming is supported.");
}

async function loadModule(taskRoot: string, folder: string, name: string): Promise<unknown> {
  const file = resolve(taskRoot, folder, name);
  for (const extension of ["", ".js", ".mjs", ".cjs"]) {
    if (existsSync(file + extension)) {
      return await import(file + extension);
    }
  }
  const require = createRequire(__filename);
  const loaded: unknown = require(require.resolve(name, { paths: [taskRoot, join(taskRoot, folder)] }));
  return loaded;
}

function asInitError(rules: Rules, error: unknown): unknown {
  if (error instanceof SyntaxError) {
    const wrapped = runtimeError(rules, "UserCodeSyntaxError", String(error));
    if (error.stack !== undefined && rules === "ric4") {
      wrapped.stack = error.stack;
    }
    return wrapped;
  }
  // AWS: a package that an ES module misses (ERR_MODULE_NOT_FOUND) keeps Node's own error (aws-lambda-ric).
  if (error instanceof Error && Reflect.get(error, "code") === "MODULE_NOT_FOUND") {
    return runtimeError(rules, "ImportModuleError", String(error));
  }
  return error;
}

function findHandler(rules: Rules, loaded: unknown, exportName: string, fullName: string): Handler {
  const found =
    member(rules, loaded, exportName) ||
    // AWS: up to nodejs22.x the default export of a module is not looked into (aws-lambda-ric).
    (rules === "ric4" ? member(rules, member(rules, loaded, "default"), exportName) : undefined);
  if (!found) {
    throw runtimeError(rules, "HandlerNotFound", `${fullName} is undefined or not exported`);
  }
  if (!isHandler(found)) {
    throw runtimeError(rules, "HandlerNotFound", `${fullName} is not a function`);
  }
  return found;
}

function member(rules: Rules, root: unknown, path: string): unknown {
  return path.split(".").reduce((value: unknown, key) => {
    const isObject = typeof value === "object" && value !== null;
    // AWS: up to nodejs22.x functions are looked into as well (aws-lambda-ric).
    return isObject || (rules === "ric3" && typeof value === "function") ? Reflect.get(value, key) : undefined;
  }, root);
}

function isHandler(value: unknown): value is Handler {
  return typeof value === "function";
}
