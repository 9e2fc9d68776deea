import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InvokeCommand, InvokeWithResponseStreamCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, expect, test } from "vitest";

const program = fileURLToPath(new URL("../../packages/lambda-runtime/dist/lambda-rie.js", import.meta.url));

let directory: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "localemu-rie-"));
  writeFileSync(
    join(directory, "index.mjs"),
    `console.log("loaded as", process.pid);
    export const handler = async (event) => ({ event, table: process.env.TABLE });
    export const stream = awslambda.streamifyResponse(async (event, stream) => { stream.write("one,"); stream.end("two"); });
    export const hang = () => { console.log("hangs"); return new Promise(() => setInterval(() => {}, 1e6)); };`,
  );
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  rmSync(directory, { recursive: true });
});

/** The command in a process of its own, and what it has written. */
function rie(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [program, ...args], { env: environment, cwd: directory });
  started.push(child);
  let written = "";
  const listeners = new Set<() => void>();
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding("utf8").on("data", (text: string) => {
      written += text;
      for (const look of listeners) look();
    });
  }
  const ended = new Promise<{ code: number | null; written: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, written })),
  );
  const line = (pattern: RegExp): Promise<string> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = pattern.exec(written)?.[1];
        if (found !== undefined) resolve(found);
      };
      listeners.add(look);
      look();
    });
  return { child, ended, line };
}

const anyPort = ["--runtime-interface-emulator-address", "127.0.0.1:0"];

async function clientOf({ line }: ReturnType<typeof rie>): Promise<LambdaClient> {
  const endpoint = `http://127.0.0.1:${await line(/listens on 127\.0\.0\.1:(\d+)\n/)}`;
  return new LambdaClient({ endpoint, region: "us-east-1", credentials: { accessKeyId: "a", secretAccessKey: "b" } });
}

test("the command serves a function to the SDK's client, with its own variables, and ends on SIGTERM", async () => {
  const command = rie([...anyPort, directory, "index.handler"], { TABLE: "orders" });
  const lambda = await clientOf(command);
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: "function", Payload: '{"id":1}' }));
  expect(JSON.parse(Payload?.transformToString() ?? "")).toEqual({ event: { id: 1 }, table: "orders" });
  await command.line(/(loaded as) \d+\n/);
  lambda.destroy();
  command.child.kill("SIGTERM");
  expect(await command.ended).toMatchObject({ code: 0, written: expect.stringContaining("REPORT RequestId: ") });
});

test("it streams, from the current directory and by _HANDLER", async () => {
  const lambda = await clientOf(rie(anyPort, { _HANDLER: "index.stream" }));
  const { EventStream } = await lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: "function" }));
  const chunks: string[] = [];
  for await (const { PayloadChunk, InvokeComplete } of EventStream ?? []) {
    if (PayloadChunk?.Payload !== undefined) chunks.push(Buffer.from(PayloadChunk.Payload).toString());
    expect(InvokeComplete?.ErrorCode).toBeUndefined();
  }
  expect(chunks.join("")).toBe("one,two");
  lambda.destroy();
});

test("a signal during an invocation leaves no process behind", async () => {
  const command = rie([...anyPort, directory, "index.hang"]);
  const lambda = await clientOf(command);
  const answer = lambda.send(new InvokeCommand({ FunctionName: "function" })).catch((error: unknown) => error);
  await command.line(/(hangs)\n/);
  const pid = Number(await command.line(/loaded as (\d+)\n/));
  command.child.kill("SIGINT");
  expect(await command.ended).toMatchObject({ code: 0 });
  expect(await answer).toBeInstanceOf(Error);
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  lambda.destroy();
});

test.each([
  [["--colour"], "lambda-rie: unknown option --colour\n"],
  [
    ["--runtime-interface-emulator-address", "here", ".", "index.handler"],
    "lambda-rie: here is no address such as 0.0.0.0:8080\n",
  ],
  [[], "lambda-rie: which handler? Give it after the directory, such as index.handler, or as _HANDLER\n"],
])("what cannot be served ends it with one line: %j", async (args, written) => {
  expect(await rie(args).ended).toEqual({ code: 1, written });
});

test("a port that is taken is named", async () => {
  const first = rie([...anyPort, directory, "index.handler"]);
  const port = await first.line(/listens on 127\.0\.0\.1:(\d+)\n/);
  const second = rie(["--runtime-interface-emulator-address", `127.0.0.1:${port}`, directory, "index.handler"]);
  expect(await second.ended).toEqual({
    code: 1,
    written: `lambda-rie: listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`,
  });
});

test("--help tells how to call it", async () => {
  expect(await rie(["--help"]).ended).toMatchObject({
    code: 0,
    written: expect.stringContaining("lambda-rie [options] [<directory or bootstrap>] [<handler>]"),
  });
});
