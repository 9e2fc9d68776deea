import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateStreamCommand, ListStreamsCommand, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, ListQueuesCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { ControlClient } from "@localemu/control";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientsAt, clientsOf, startTestEmulator } from "./emulator.ts";
import type { TestEmulator } from "./emulator.ts";
import { Http2Calls } from "./http2-calls.ts";
import { createFunction, invoke, processFunction } from "./functions.ts";

let emulator: TestEmulator;
let control: ControlClient;

beforeAll(async () => {
  emulator = await startTestEmulator();
  ({ control } = emulator.emu);
});

afterAll(() => emulator[Symbol.asyncDispose]());

test("nothing is shared between worlds", async () => {
  await using full = await emulator.emu.createWorld("full");
  await using empty = await emulator.emu.createWorld("empty");
  const { kinesis, sqs, lambda } = clientsOf(full);
  await kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
  await sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
  await createFunction(lambda, "orders", processFunction);
  await invoke(lambda, "orders");
  const emptyNow = (await empty.clock.read()).now;
  await full.clock.freeze();
  await full.clock.advance(86_400_000);

  const others = clientsOf(empty);
  expect((await others.kinesis.send(new ListStreamsCommand())).StreamNames).toEqual([]);
  expect((await others.sqs.send(new ListQueuesCommand())).QueueUrls ?? []).toEqual([]);
  expect((await others.lambda.send(new ListFunctionsCommand())).Functions).toEqual([]);
  expect((await others.logs.send(new DescribeLogGroupsCommand())).logGroups).toEqual([]);
  expect((await clientsOf(full).logs.send(new DescribeLogGroupsCommand())).logGroups).toHaveLength(1);
  const clock = await empty.clock.read();
  expect(clock.mode).toBe("running");
  expect(clock.now - emptyNow).toBeLessThan(60_000);
  expect(await empty.timeline()).toEqual([]);
  expect((await full.timeline()).length).toBeGreaterThan(3);
});

test("the same names in two worlds are two things, interleaved on one HTTP/2 session", async () => {
  const worlds = await Promise.all([control.createWorld(), control.createWorld()]);
  const { origin } = new URL(emulator.emu.endpoint);
  using session = new Http2Calls(origin);
  const [one, other] = worlds;
  const byPrefix = { path: new URL(one.endpoint).pathname, accessKeyId: "test" };
  const byKey = { path: "/", accessKeyId: other.credentials.accessKeyId };
  await Promise.all(
    [byPrefix, byKey].map((to) => session.call(to, "kinesis", "Kinesis_20131202.CreateStream", stream)),
  );
  const puts = Array.from({ length: 20 }, (_, index) =>
    session.call(index % 2 === 0 ? byPrefix : byKey, "kinesis", "Kinesis_20131202.PutRecord", {
      StreamName: "same",
      PartitionKey: "k",
      Data: Buffer.from(String(index)).toString("base64"),
    }),
  );
  await Promise.all(puts);

  expect(await dataOf(one.endpoint)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18].map(String));
  expect(await dataOf(other.endpoint)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19].map(String));
  await expect(dataOf(origin)).rejects.toMatchObject({ code: "NotFound" });
});

const stream = { StreamName: "same", ShardCount: 1 };

async function dataOf(endpoint: string): Promise<string[]> {
  const { shards } = await new ControlClient(endpoint).peek.stream("same");
  return shards.flatMap(({ records }) => records.map(({ data }) => Buffer.from(data, "base64").toString()));
}

test("queues of two worlds, by a client that knows their URLs alone", async () => {
  const worlds = await Promise.all([control.createWorld(), control.createWorld()]);
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const makers = worlds.map(({ endpoint }) => clientsAt({ endpoint, credentials }).sqs);
  const queues = await Promise.all(makers.map((sqs) => sqs.send(new CreateQueueCommand({ QueueName: "same" }))));
  const { sqs } = clientsAt({ endpoint: emulator.emu.endpoint, credentials });
  const sent = queues.map(({ QueueUrl }, index) =>
    sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `to ${index}` })),
  );
  await Promise.all(sent);
  const received = await Promise.all(
    queues.map(({ QueueUrl }) => sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))),
  );
  expect(received.map(({ Messages }) => Messages?.map(({ Body }) => Body))).toEqual([["to 0"], ["to 1"]]);
});

/** Puts a record as an SDK without any configuration would: endpoint, region and credentials from the environment. */
const callingBack = `
  import http from "node:http";
  export const handler = async ({ withoutPrefix }) => {
    const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID } = process.env;
    const url = withoutPrefix ? new URL(AWS_ENDPOINT_URL).origin : AWS_ENDPOINT_URL;
    const headers = {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "Kinesis_20131202.PutRecord",
      "x-amz-date": "20260101T000000Z",
      authorization: "AWS4-HMAC-SHA256 Credential=" + AWS_ACCESS_KEY_ID + "/20260101/" + AWS_REGION +
        "/kinesis/aws4_request, SignedHeaders=host;x-amz-date, Signature=00",
    };
    const response = await new Promise((resolve, reject) => {
      const request = http.request(url, { method: "POST", headers }, resolve);
      request.on("error", reject);
      request.end(JSON.stringify({ StreamName: "same", PartitionKey: "k", Data: btoa(url) }));
    });
    response.resume();
    return { status: response.statusCode, url };
  };`;

test("a function calls its own world, by the endpoint and by the credentials that it is given", async () => {
  await using world = await emulator.emu.createWorld("calling-back");
  const { kinesis, lambda } = clientsOf(world);
  for (const client of [kinesis, emulator.kinesis]) await client.send(new CreateStreamCommand(stream));
  await createFunction(lambda, "f", callingBack);
  const { origin } = new URL(emulator.emu.endpoint);
  expect(await invoke(lambda, "f")).toEqual({ status: 200, url: `${origin}/_world/calling-back` });
  expect(await invoke(lambda, "f", { withoutPrefix: true })).toEqual({ status: 200, url: origin });
  expect(await dataOf(world.endpoint)).toEqual([`${origin}/_world/calling-back`, origin]);
  expect(await dataOf(origin)).toEqual([]);
  await emulator.kinesis.send(new PutRecordCommand({ StreamName: "same", PartitionKey: "k", Data: Buffer.from("x") }));
  expect(await dataOf(world.endpoint)).toHaveLength(2);
});
