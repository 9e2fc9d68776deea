import { ControlClient } from "@localemu/control";
import { LocalEmu } from "./local-emu.ts";

/**
 * Connects to a LocalEmu that runs. Closing what it returns ends the connections only.
 * Throws ControlError when none answers at `endpoint`.
 *
 * @example
 * ```ts
 * await using emu = await connect(process.env.LOCALEMU_ENDPOINT ?? "http://127.0.0.1:4566");
 * ```
 */
export function connect(endpoint: string): Promise<LocalEmu> {
  return open(endpoint, () => Promise.resolve());
}

/** Options of `startLocalEmu`, as the emulator takes them. */
export interface StartLocalEmuOptions {
  /** Port to listen on. Default 0: any free one. */
  readonly port?: number;
  /** Region where a request names none. Default `us-east-1`. */
  readonly region?: string;
  /** How the clock of a new world starts. Default `running`. */
  readonly clock?: "running" | "frozen" | "auto";
  /** World time before a failed batch is tried again for the first time; doubles from there. Milliseconds, default 25. */
  readonly retryBaseDelayMs?: number;
  /** Whether functions can be container images, which a Docker engine runs. Default `false`. */
  readonly docker?: boolean;
  /** A server that has the tables of DynamoDB in place of LocalEmu, such as DynamoDB Local: an HTTP URL. Default: none. */
  readonly dynamodbEndpoint?: string;
}

interface Emulator extends AsyncDisposable {
  readonly endpoint: string;
}

interface EmulatorPackage {
  readonly startEmulator: (options: StartLocalEmuOptions) => Promise<Emulator>;
}

/**
 * Starts an emulator in this process and connects to it; closing what it returns stops the emulator.
 * Needs the package `@localemu/emulator`.
 *
 * @example
 * ```ts
 * await using emu = await startLocalEmu({ clock: "frozen" });
 * ```
 */
export async function startLocalEmu(options: StartLocalEmuOptions = {}): Promise<LocalEmu> {
  const { startEmulator } = await loadEmulator();
  const emulator = await startEmulator(options);
  const stop = async (): Promise<void> => emulator[Symbol.asyncDispose]();
  try {
    return await open(emulator.endpoint, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function open(endpoint: string, release: () => Promise<void>): Promise<LocalEmu> {
  // By address: S3 clients put a bucket's name before a host name, and `my-bucket.localhost` leads nowhere.
  const control = new ControlClient(endpoint.replace(/^http:\/\/localhost(?=[:/]|$)/i, "http://127.0.0.1"));
  try {
    return new LocalEmu(control, await control.info(), release);
  } catch (error) {
    control.close();
    throw error;
  }
}

async function loadEmulator(): Promise<EmulatorPackage> {
  let loaded: object;
  try {
    loaded = await import("@localemu/emulator");
  } catch (error) {
    if (codeOf(error) === "ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG") {
      const text =
        "startLocalEmu cannot load the emulator in a test file of Jest: take emu of @localemu/jest, or set NODE_OPTIONS=--experimental-vm-modules";
      throw new Error(text, { cause: error });
    }
    if (!isMissing(error)) throw error;
    const text = "startLocalEmu needs the package @localemu/emulator: npm install --save-dev @localemu/emulator";
    throw new Error(text, { cause: error });
  }
  if (!isEmulatorPackage(loaded))
    throw new Error("The installed @localemu/emulator does not fit this @localemu/testkit");
  return loaded;
}

function isMissing(error: unknown): boolean {
  return (
    codeOf(error) === "ERR_MODULE_NOT_FOUND" && error instanceof Error && error.message.includes("@localemu/emulator")
  );
}

/** Of an error of Node.js, which in a test file of Jest is no instance of the file's own Error. */
function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

function isEmulatorPackage(loaded: object): loaded is EmulatorPackage {
  return "startEmulator" in loaded && typeof loaded.startEmulator === "function";
}
