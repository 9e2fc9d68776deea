import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EnvironmentPool } from "./index.ts";
import { deferred, isAlive, json, Lab, request } from "./temporary-function.test.fixture.ts";

let lab: Lab;

beforeEach(() => {
  lab = new Lab();
});

afterEach(() => lab.dispose());

/** A runtime that has as many polls as it may, and streams: each response begins at once and ends when its file is there. */
const STREAMING_RUNTIME = `#!${process.execPath}
const { request } = require("node:http");
const { watch, existsSync } = require("node:fs");
const api = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/invocation/";
const loop = async () => {
  for (;;) {
    const next = await fetch(api + "next");
    const { name } = await next.json();
    const headers = { "Lambda-Runtime-Function-Response-Mode": "streaming" };
    const id = next.headers.get("lambda-runtime-aws-request-id");
    await new Promise((resolve) => {
      const post = request(api + id + "/response", { method: "POST", headers }, (reply) => reply.resume().on("end", resolve));
      post.write("begun " + name);
      const watcher = watch(process.env.GATE, () => look());
      const look = () => {
        if (!existsSync(process.env.GATE + "/" + name)) return;
        watcher.close();
        post.end(" ended " + name);
      };
      look();
    });
  }
};
for (let n = 0; n < Number(process.env.AWS_LAMBDA_MAX_CONCURRENCY); n += 1) void loop();
`;

/** A runtime that has three polls, and holds every event back until there are as many as the event says. */
const RUNTIME = `#!${process.execPath}
const api = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/invocation/";
const waiting = [];
const loop = async () => {
  for (;;) {
    const next = await fetch(api + "next");
    const { together, hang } = await next.json();
    if (hang) await new Promise((resolve) => setTimeout(resolve, 600));
    else await new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length >= together) waiting.splice(0).forEach((go) => go());
    });
    const id = next.headers.get("lambda-runtime-aws-request-id");
    const body = JSON.stringify({ pid: process.pid, of: process.env.AWS_LAMBDA_INITIALIZATION_TYPE });
    const reply = await fetch(api + id + "/response", { method: "POST", body });
    console.log("answered " + reply.status);
  }
};
for (let n = 0; n < Number(process.env.AWS_LAMBDA_MAX_CONCURRENCY); n += 1) void loop();
`;

function deploy(
  timeoutMs = 5000,
  runtime = RUNTIME,
  environment: Readonly<Record<string, string>> = { AWS_LAMBDA_MAX_CONCURRENCY: "3" },
): EnvironmentPool {
  const taskRoot = mkdtempSync(join(lab.directory, "task-"));
  writeFileSync(join(taskRoot, "bootstrap"), runtime);
  chmodSync(join(taskRoot, "bootstrap"), 0o755);
  return lab.deploy({}, { runtime: "provided.al2023", taskRoot, environment, timeoutMs });
}

describe("a runtime with several polls", () => {
  test("has several invocations at a time in one environment", async () => {
    const pool = deploy();
    const outcomes = await Promise.all([1, 2, 3].map(() => pool.invoke(request({ together: 3 }))));
    const answer = { pid: lab.pids[0], of: "lambda-managed-instances" };
    expect(outcomes.map(json)).toEqual([answer, answer, answer]);
    expect(lab.processesStarted).toBe(1);
    expect(pool.environments).toBe(1);
  });

  test("streams that overlap free their own slots each, whichever ends first", async () => {
    const gate = mkdtempSync(join(lab.directory, "gate-"));
    const pool = deploy(30_000, STREAMING_RUNTIME, { AWS_LAMBDA_MAX_CONCURRENCY: "2", GATE: gate });
    const begin = async (name: string): Promise<() => Promise<string>> => {
      const chunks: string[] = [];
      const { promise: begun, resolve } = deferred();
      const write = (chunk: Uint8Array): undefined => {
        chunks.push(Buffer.from(chunk).toString());
        resolve();
      };
      const ended = pool.invoke(request({ name }, { onResponse: () => ({ write }) }));
      await Promise.race([begun, ended]);
      return async () => {
        writeFileSync(join(gate, name), "");
        await ended;
        return chunks.join("");
      };
    };
    const [endFirst, endSecond] = await Promise.all([begin("one"), begin("two")]);
    expect(await endSecond()).toBe("begun two ended two");
    const endThird = await begin("three");
    expect(lab.processesStarted).toBe(1);
    // The first still has its slot, and the third that of the second.
    const endFourth = await begin("four");
    expect(lab.processesStarted).toBe(2);
    expect(await endFirst()).toBe("begun one ended one");
    const endFifth = await begin("five");
    expect(lab.processesStarted).toBe(2);
    const rest = await Promise.all([endThird(), endFourth(), endFifth()]);
    expect(rest).toEqual(["three", "four", "five"].map((name) => `begun ${name} ended ${name}`));
  });

  test("learns that an answer is too late, and goes on", async () => {
    const pool = deploy(300);
    expect((await pool.invoke(request({ hang: true }))).functionError?.cause).toBe("timeout");
    expect(json(await pool.invoke(request({ together: 1 })))).toMatchObject({ pid: lab.pids[0] });
    await lab.until(() => lab.log.includes("answered 410\n"));
    expect(lab.processesStarted).toBe(1);
    await pool.close();
    expect(lab.pids.filter(isAlive)).toEqual([]);
  });
});

describe("AWS_LAMBDA_EXEC_WRAPPER", () => {
  const handler = "exports.handler = async () => process.env.WRAPPED;";
  const environment = { AWS_LAMBDA_EXEC_WRAPPER: "/opt/wrapper" };

  test("starts the runtime through an executable of a layer", async () => {
    const optRoot = join(lab.directory, "opt");
    mkdirSync(optRoot);
    writeFileSync(join(optRoot, "wrapper"), '#!/bin/sh\nexport WRAPPED=yes\nexec "$@"\n');
    chmodSync(join(optRoot, "wrapper"), 0o755);
    expect(json(await lab.deploy(handler, { optRoot, environment }).invoke(request()))).toBe("yes");
  });

  test("that is missing ends with status 127", async () => {
    const failing = request();
    expect(json(await lab.deploy(handler, { environment }).invoke(failing))).toEqual({
      errorType: "Runtime.ExitError",
      errorMessage: `RequestId: ${failing.requestId} Error: Runtime exited with error: exit status 127`,
    });
  });
});
