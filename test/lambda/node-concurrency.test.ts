import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLambdaRuntime, type InvokeOutcome } from "@localemu/lambda-runtime";
import { afterEach, beforeEach, expect, test } from "vitest";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "localemu-concurrency-"));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Answers when as many events are under way as the event says, which only one thread with several of them can. */
const TOGETHER = `const waiting = [];
exports.handler = async ({ together }, context) => {
  await new Promise((resolve) => {
    if (waiting.push(resolve) === together) waiting.splice(0).forEach((go) => go());
  });
  console.log("served");
  return { pid: process.pid, own: awslambda.InvokeStore.getRequestId() === context.awsRequestId };
};`;

test("a Node.js function has several invocations at a time, in one thread", async () => {
  writeFileSync(join(directory, "index.js"), TOGETHER);
  const log: string[] = [];
  const runtime = createLambdaRuntime({ log: { write: ({ message }) => log.push(message) } });
  const pool = runtime.createPool({
    functionName: "probe",
    version: "$LATEST",
    runtime: "nodejs22.x",
    handler: "index.handler",
    memorySizeMb: 128,
    timeoutMs: 10_000,
    taskRoot: directory,
    environment: { AWS_LAMBDA_MAX_CONCURRENCY: "3", AWS_LAMBDA_NODEJS_WORKER_COUNT: "1" },
    logGroup: "/aws/lambda/probe",
    region: "eu-west-1",
    credentials: { accessKeyId: "", secretAccessKey: "", sessionToken: "" },
  });
  const ids = [randomUUID(), randomUUID(), randomUUID()];
  const invoke = (requestId: string): Promise<InvokeOutcome> =>
    pool.invoke({ requestId, payload: Buffer.from('{"together":3}'), invokedFunctionArn: "arn" });
  const outcomes = await Promise.all(ids.map(invoke));
  const answers = outcomes.map(({ payload }): unknown => JSON.parse(Buffer.from(payload).toString("utf8")));
  expect(answers).toEqual(ids.map(() => ({ pid: expect.any(Number), own: true })));
  expect(pool.environments).toBe(1);
  await pool.close();
  await runtime.close();
  const served = log.filter((line) => line.includes('"served"')).map((line): unknown => JSON.parse(line));
  expect(served).toEqual(
    expect.arrayContaining(ids.map((requestId) => expect.objectContaining({ requestId, level: "INFO" }))),
  );
});
