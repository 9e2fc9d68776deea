import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { json, Lab, request, text } from "../temporary-function.test.fixture.ts";

let lab: Lab;
let taskRoot: string;

beforeEach(() => {
  lab = new Lab();
  taskRoot = mkdtempSync(join(tmpdir(), "localemu-own-"));
});

afterEach(async () => {
  await lab.dispose();
  rmSync(taskRoot, { recursive: true, force: true });
});

function place(content: string | Uint8Array, mode = 0o755, directory = taskRoot): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "bootstrap"), content);
  chmodSync(join(directory, "bootstrap"), mode);
}

const deploy = (change: object = {}) => lab.deploy({}, { runtime: "provided.al2023", taskRoot, ...change });

/** A whole runtime: it answers with what it is called with and what it sees. */
const runtime = `#!${process.execPath}
const api = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/invocation/";
(async () => {
  for (;;) {
    const next = await fetch(api + "next");
    const event = await next.json();
    console.log("got " + JSON.stringify(event));
    const answer = { event, env: process.env, cwd: process.cwd(), file: process.argv[1] };
    const [route, body] = event.fail ? ["error", { errorType: "Mine", errorMessage: "as asked" }] : ["response", answer];
    await fetch(api + next.headers.get("lambda-runtime-aws-request-id") + "/" + route, { method: "POST", body: JSON.stringify(body) });
  }
})();
`;

describe("a function with a runtime of its own", () => {
  test("takes events and answers, again and again in one process", async () => {
    place(runtime);
    const pool = deploy();
    const { event, cwd, env, file } = JSON.parse(text(await pool.invoke(request({ n: 1 }))));
    expect([event, cwd, file]).toEqual([{ n: 1 }, env.LAMBDA_TASK_ROOT, join(cwd, "bootstrap")]);
    const failed = await pool.invoke(request({ fail: true }));
    expect(json(failed)).toEqual({ errorType: "Mine", errorMessage: "as asked" });
    expect(failed.functionError).toEqual({ kind: "Unhandled", cause: "handler" });
    expect(lab.processesStarted).toBe(1);
    expect(lab.log.join("")).toContain('got {"n":1}\n');
  });

  test("has AWS's variables, without those of managed runtimes", async () => {
    place(runtime);
    const { env } = JSON.parse(
      text(await deploy({ handler: "any.name", environment: { TABLE: "t" } }).invoke(request())),
    );
    const own = dirname(env.TMPDIR);
    expect(env).toMatchObject({
      _HANDLER: "any.name",
      TABLE: "t",
      TZ: ":UTC",
      LANG: "en_US.UTF-8",
      LAMBDA_TASK_ROOT: `${own}/task`,
      AWS_REGION: "eu-west-1",
      AWS_LAMBDA_FUNCTION_NAME: "probe",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
      LD_LIBRARY_PATH: `${own}/task:${own}/task/lib:${own}/opt/lib`,
    });
    for (const name of ["AWS_EXECUTION_ENV", "NODE_PATH", "NODE_OPTIONS", "_LAMBDA_TELEMETRY_LOG_FD"]) {
      expect(env).not.toHaveProperty(name);
    }
  });

  test("may have it in a layer; the function's own comes first", async () => {
    const optRoot = mkdtempSync(join(lab.directory, "layer-"));
    place(runtime, 0o755, optRoot);
    const invoked = async () => JSON.parse(text(await deploy({ optRoot }).invoke(request())));
    const layered = await invoked();
    expect(layered.file).toBe(join(layered.cwd, "..", "opt", "bootstrap"));
    place(runtime);
    const own = await invoked();
    expect(own.file).toBe(join(own.cwd, "bootstrap"));
  });
});

/** The program that runs this test, as if it were built for another machine. */
function foreignExecutable(): Buffer {
  const header = readFileSync(process.execPath).subarray(0, 4096);
  const machine = process.arch === "arm64" ? 62 : 183;
  header.writeUInt16LE(machine, 18);
  return header;
}

describe("a bootstrap that cannot be started", () => {
  const missing = "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]";
  const failures: readonly (readonly [string, () => void, string, string])[] = [
    ["is not there", () => undefined, missing, "named bootstrap at the root of its zip"],
    ["is a directory", () => mkdirSync(join(taskRoot, "bootstrap")), missing, "named bootstrap at the root of its zip"],
    [
      "is not executable",
      () => place(runtime, 0o644),
      "fork/exec /var/task/bootstrap: permission denied",
      "/var/task/bootstrap: it is not executable: give it the mode 0755 before it is zipped",
    ],
    [
      "has lines that end as on Windows",
      () => place("#!/bin/sh\r\nexit 0\r\n"),
      "fork/exec /var/task/bootstrap: no such file or directory",
      String.raw`/var/task/bootstrap: its interpreter "/bin/sh\r" does not exist`,
    ],
    [
      "is a script without an interpreter",
      () => place("echo hello\n"),
      "fork/exec /var/task/bootstrap: exec format error",
      "/var/task/bootstrap: it begins neither with #! nor as an ELF executable",
    ],
    ["is empty", () => place(""), "fork/exec /var/task/bootstrap: exec format error", "neither with #! nor"],
    [
      "is built for another machine",
      () => place(foreignExecutable()),
      "fork/exec /var/task/bootstrap: exec format error",
      `this machine is ${process.arch}`,
    ],
  ];

  test.each(failures)("because it %s", async (_, prepare, message, hint) => {
    prepare();
    const failing = request();
    const outcome = await deploy().invoke(failing);
    expect(json(outcome)).toEqual({
      errorType: "Runtime.InvalidEntrypoint",
      errorMessage: `RequestId: ${failing.requestId} Error: ${message}`,
    });
    expect(outcome.functionError).toEqual({ kind: "Unhandled", cause: "exit" });
    expect(outcome.logTail).toContain(hint);
    expect(outcome.logTail).toContain("Status: error\tError Type: Runtime.InvalidEntrypoint");
  });

  test("though it ends as a shell does that cannot read it, when it is none of those, is an exit", async () => {
    place("#!/bin/sh\nexit 127\n");
    const failing = request();
    expect(json(await deploy().invoke(failing))).toEqual({
      errorType: "Runtime.ExitError",
      errorMessage: `RequestId: ${failing.requestId} Error: Runtime exited with error: exit status 127`,
    });
  });
});
