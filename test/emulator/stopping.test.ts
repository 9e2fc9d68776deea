import { CreateStreamCommand, ListStreamsCommand } from "@aws-sdk/client-kinesis";
import { ControlClient } from "@localemu/control";
import { expect, test } from "vitest";
import { Command } from "./command-line.ts";
import { clientsAt } from "./emulator.ts";
import type { Clients } from "./emulator.ts";
import { failureOf } from "./failure-of.ts";
import { createFunction, hasEnded, invoke, isAlive, processFunction } from "./functions.ts";

const credentials = { accessKeyId: "test", secretAccessKey: "test" };

/** Waits for the emulator's stop, and then calls it with its own credentials. */
const patient = `export const handler = async ({ patient }) => {
  if (!patient) return process.pid;
  const { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: key } = process.env;
  while ((await fetch(endpoint + "/_localemu/health/ready")).status !== 503);
  const authorization =
    "AWS4-HMAC-SHA256 Credential=" + key + "/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0";
  const headers = {
    authorization,
    "content-type": "application/x-amz-json-1.1",
    "x-amz-date": "20260101T000000Z",
    "x-amz-target": "Kinesis_20131202.ListStreams",
  };
  const reply = await fetch(endpoint, { method: "POST", headers, body: "{}" });
  return { status: reply.status, ...(await reply.json()) };
};`;

interface Running extends Clients {
  readonly command: Command;
  readonly endpoint: string;
  /** Process of the function's environment. */
  readonly pid: unknown;
  readonly answer: Promise<unknown>;
}

/** An emulator one of whose functions does something. */
async function running(command: Command, code: string, event: object): Promise<Running> {
  const endpoint = await command.ready;
  const clients = clientsAt({ endpoint, credentials }, { maxAttempts: 1 });
  await createFunction(clients.lambda, "f", code, { Timeout: 60 });
  const pid = await invoke(clients.lambda, "f");
  const after = (await new ControlClient(endpoint).timeline()).at(-1)?.id ?? 0;
  const answer = invoke(clients.lambda, "f", event);
  answer.catch(() => {});
  for await (const { id, type } of new ControlClient(endpoint).followTimeline())
    if (id > after && type === "function.invoked") break;
  return { ...clients, command, endpoint, pid, answer };
}

test("a stop refuses calls from outside, and lets what functions do, and call, come to its end", async () => {
  await using command = new Command(["start", "--port", "0"], { LOCALEMU_STOP_GRACE_MS: "60000" });
  const { answer, kinesis, pid } = await running(command, patient, { patient: true });
  await kinesis.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
  command.signal("SIGTERM");
  expect(await answer).toMatchObject({ status: 200, StreamNames: ["s"] });
  expect(await command.ended).toMatchObject({ code: 0, errors: "" });
  expect(isAlive(pid)).toBe(false);
});

test("until the limit nobody else is served, and whoever asks is told why", async () => {
  await using command = new Command(["start", "--port", "0"], { LOCALEMU_STOP_GRACE_MS: "60000" });
  const { endpoint, kinesis } = await running(command, processFunction, { hang: true });
  command.signal("SIGINT");
  await stopping(endpoint);
  expect(await failureOf(kinesis.send(new ListStreamsCommand()))).toMatch(
    /^503 ServiceUnavailable: LocalEmu is stopping and takes nothing new on/,
  );
  const health = await fetch(`${endpoint}/_localemu/health`);
  expect(health.status).toBe(503);
  expect(await health.json()).toMatchObject({ status: "stopping" });
  const metrics = await (await fetch(`${endpoint}/_localemu/metrics`)).text();
  expect(metrics).toContain('localemu_calls_total{service="kinesis",operation="unknown",status="503"} 1\n');
  command.signal("SIGINT");
  expect(await command.ended).toMatchObject({ code: 1 });
});

test("what is not over at the limit is ended, and told", async () => {
  await using command = new Command(["start", "--port", "0"], { LOCALEMU_STOP_GRACE_MS: "500" });
  const { pid } = await running(command, processFunction, { hang: true });
  command.signal("SIGINT");
  expect(await command.ended).toMatchObject({
    code: 0,
    errors: "localemu: ended after 500 ms: lambda:Invoke, invocation of f by Invoke\n",
  });
  expect(isAlive(pid)).toBe(false);
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "a second signal, %s, ends it at once, and its functions with it",
  async (signal) => {
    await using command = new Command(["start", "--port", "0"], { LOCALEMU_STOP_GRACE_MS: "60000" });
    const { endpoint, pid } = await running(command, processFunction, { hang: true });
    command.signal("SIGTERM");
    await stopping(endpoint);
    command.signal(signal);
    expect(await command.ended).toMatchObject({
      code: 1,
      errors: "localemu: the stop was cut short by a second signal\n",
    });
    await hasEnded(pid);
  },
);

/** Resolves once the emulator says that it stops. */
async function stopping(endpoint: string): Promise<void> {
  while ((await fetch(`${endpoint}/_localemu/health/ready`)).status !== 503);
}
