import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type ControlClient, ControlError } from "@localemu/control";
import type { BundleCache } from "./bundle-cache.ts";

/** What `emu.deployEntry(options)` deploys, and how. */
export interface DeployEntryOptions {
  /** The function's name. */
  readonly name: string;
  /**
   * The TypeScript or JavaScript module with the handler: a path, from the working directory on, or a `file:` URL, such as
   * `new URL("./orders.ts", import.meta.url)`.
   */
  readonly entry: string | URL;
  /** The export that is the handler. Default `handler`. */
  readonly handler?: string;
  /** Default `nodejs24.x`. Functions run on the emulator's Node.js, whichever runtime of Node.js they name. */
  readonly runtime?: string;
  /** Seconds that an invocation may take. Default: AWS's 3. */
  readonly timeout?: number;
  /** Megabytes. Default: AWS's 128. */
  readonly memorySize?: number;
  /** The function's variables. `--enable-source-maps` is added to `NODE_OPTIONS`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The format of the bundle. Default `esm`, in which CommonJS modules work as well. */
  readonly format?: "esm" | "cjs";
  /** Modules that are left out of the bundle, such as those that are never loaded in a test; `*` is any text. */
  readonly external?: readonly string[];
  /** Expressions that are put in the place of global names, as esbuild's `define` has it: `{ BUILD: '"test"' }`. */
  readonly define?: Readonly<Record<string, string>>;
  /** How files are read, by their ending, as esbuild's `loader` has it: `{ ".sql": "text" }`. */
  readonly loader?: Readonly<Record<string, string>>;
  /** The configuration of TypeScript. Default: the nearest `tsconfig.json` above each file. */
  readonly tsconfig?: string;
}

/** Bundles an entry and makes a function of it, or gives the one of that name its code and settings. */
export async function deployEntry(
  control: ControlClient,
  bundles: BundleCache,
  options: DeployEntryOptions,
): Promise<void> {
  const { name, entry, format = "esm", external = [], define = {}, loader = {}, tsconfig } = options;
  const path = typeof entry === "string" && !entry.startsWith("file:") ? resolve(entry) : fileURLToPath(entry);
  const settings = {
    format,
    external,
    define,
    loader,
    ...(tsconfig !== undefined && { tsconfig: resolve(tsconfig) }),
  };
  const zip = await bundles.zip(path, settings).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`deployEntry could not bundle ${path}: ${reason}`, { cause: error });
  });
  const configuration = configurationOf(options);
  try {
    await control.call("lambda", "CreateFunction", { ...configuration, Role: role, Code: { ZipFile: zip } });
  } catch (error) {
    if (!(error instanceof ControlError) || error.code !== "ResourceConflictException") throw error;
    await change(control, "UpdateFunctionCode", { FunctionName: name, ZipFile: zip });
    await change(control, "UpdateFunctionConfiguration", configuration);
  }
}

/** Nothing looks at it here. */
const role = "arn:aws:iam::000000000000:role/localemu";

/** What is not given has AWS's default, for a function that was there before too. */
function configurationOf(options: DeployEntryOptions): Readonly<Record<string, unknown>> {
  const { name, handler = "handler", runtime = "nodejs24.x", timeout = 3, memorySize = 128, environment } = options;
  const nodeOptions = [environment?.["NODE_OPTIONS"], "--enable-source-maps"].filter(Boolean).join(" ");
  return {
    FunctionName: name,
    Runtime: runtime,
    Handler: `index.${handler}`,
    Timeout: timeout,
    MemorySize: memorySize,
    Environment: { Variables: { ...environment, NODE_OPTIONS: nodeOptions } },
  };
}

/** Changes the function and waits until that is in force. */
async function change(
  control: ControlClient,
  operation: "UpdateFunctionCode" | "UpdateFunctionConfiguration",
  input: Readonly<Record<string, unknown>>,
): Promise<void> {
  for (let isDone = false; !isDone;) {
    isDone = await control.call("lambda", operation, input).then(() => true, refusedForNow);
    await inForce(control, String(input["FunctionName"]));
  }
}

/** False where somebody else is making or changing the function. */
function refusedForNow(error: unknown): false {
  const isConflict = error instanceof ControlError && error.code === "ResourceConflictException";
  if (isConflict && /in the following state: Pending|An update is in progress/.test(error.message)) return false;
  throw error;
}

/** An update is in force a turn of the emulator's event loop after its answer. */
async function inForce(control: ControlClient, name: string): Promise<void> {
  for (let isPending = true; isPending;) {
    const { State, LastUpdateStatus } = await control.call("lambda", "GetFunctionConfiguration", {
      FunctionName: name,
    });
    isPending = State === "Pending" || LastUpdateStatus === "InProgress";
  }
}
