import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A process with a debugger attached to it. */
export interface DebuggedProcess extends AsyncDisposable {
  /** The line that it has written. */
  readonly line: string;
  /** Resolves when it is stopped at a breakpoint. */
  readonly stopped: Promise<void>;
  /** Lets it go on. */
  resume(): void;
}

/** Starts a file under the inspector, waits until it has written a line, and attaches a debugger. */
export async function debugProcess(file: URL, ...args: readonly string[]): Promise<DebuggedProcess> {
  const child = spawn(process.execPath, [
    "--inspect=0",
    "--disable-warning=ExperimentalWarning",
    fileURLToPath(file),
    ...args,
  ]);
  let errors = "";
  const { promise: listening, resolve: listens } = Promise.withResolvers<string>();
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
    const [url] = /ws:\/\/\S+/.exec(errors) ?? [];
    if (url !== undefined) listens(url);
  });
  const died = once(child, "exit").then((): never => {
    throw new Error(`the process that was to be debugged ended:\n${errors}`);
  });
  died.catch(() => {});
  const [line]: unknown[] = await Promise.race([once(createInterface(child.stdout), "line"), died]);

  const socket = new WebSocket(await Promise.race([listening, died]));
  await Promise.race([once(socket, "open"), died]);
  const { promise: stopped, resolve: stops } = Promise.withResolvers<void>();
  const { promise: enabled, resolve: enables } = Promise.withResolvers<void>();
  socket.addEventListener("message", ({ data }) => {
    const message: unknown = JSON.parse(String(data));
    if (typeof message !== "object" || message === null) return;
    if ("method" in message && message.method === "Debugger.paused") stops();
    if ("id" in message && message.id === 1) enables();
  });
  const send = (id: number, method: string): void => socket.send(JSON.stringify({ id, method }));
  send(1, "Debugger.enable");
  await Promise.race([enabled, died]);
  return {
    line: String(line),
    stopped,
    resume: () => send(2, "Debugger.resume"),
    async [Symbol.asyncDispose]() {
      const exit = once(child, "exit");
      socket.close();
      child.stdin.end();
      // Whatever it is stopped at: a debugger that went lets go of it, but this must not wait for that.
      child.kill();
      await exit;
    },
  };
}
