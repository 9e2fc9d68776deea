import { CreateStreamCommand, ListStreamsCommand } from "@aws-sdk/client-kinesis";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueUrlCommand, ListQueuesCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { ControlClient, ControlError } from "@localemu/control";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientsAt, startTestEmulator } from "./emulator.ts";
import type { TestEmulator } from "./emulator.ts";

let emulator: TestEmulator;
let control: ControlClient;
let origin: string;

beforeAll(async () => {
  emulator = await startTestEmulator();
  ({ control } = emulator.emu);
  origin = emulator.emu.endpoint;
});

afterAll(() => emulator[Symbol.asyncDispose]());

const anyCredentials = { accessKeyId: "test", secretAccessKey: "test" };

/** A world with a stream of its own name. */
async function worldWithStream(name: string) {
  const world = await control.createWorld({ name });
  await clientsAt(world).kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
  return world;
}

describe("making worlds", () => {
  test("a world has the name that was asked for, its own endpoint and its own credentials", async () => {
    const world = await control.createWorld({ name: "named-1" });
    expect(world).toMatchObject({ name: "named-1", endpoint: `${origin}/_world/named-1` });
    expect(world.credentials.accessKeyId).toMatch(/^LEMU[A-Z0-9]{16}$/);
    expect(world.credentials.accessKeyId).not.toBe((await control.info()).credentials.accessKeyId);
    expect(await new ControlClient(world.endpoint).info()).toMatchObject({
      world: "named-1",
      endpoint: world.endpoint,
    });
  });

  test("a world without a name gets one", async () => {
    const [one, other] = [await control.createWorld(), await control.createWorld()];
    expect(one.name).toMatch(/^[a-z0-9-]{1,63}$/);
    expect(one.name).not.toBe(other.name);
    expect((await control.worlds()).map(({ name }) => name)).toEqual(expect.arrayContaining([one.name, other.name]));
  });

  test.each(["", "Upper", "under_score", "-first", "last-", "a/b", "x".repeat(64)])(
    "%j is no name for a world",
    async (name) => {
      await expect(control.createWorld({ name })).rejects.toMatchObject({ code: "InvalidWorldName", status: 400 });
    },
  );

  test("a name is taken as long as its world lives", async () => {
    await control.createWorld({ name: "taken" });
    await expect(control.createWorld({ name: "taken" })).rejects.toMatchObject({ code: "WorldExists", status: 409 });
    await expect(control.createWorld({ name: "default" })).rejects.toMatchObject({ code: "WorldExists" });
    await control.deleteWorld("taken");
    await expect(control.createWorld({ name: "taken" })).resolves.toMatchObject({ name: "taken" });
  });

  test("the default world cannot be deleted, and an unknown one neither", async () => {
    await expect(control.deleteWorld("default")).rejects.toMatchObject({ code: "DefaultWorld", status: 409 });
    await expect(control.deleteWorld("nobody")).rejects.toMatchObject({ code: "UnknownWorld", status: 404 });
  });
});

describe("finding a request's world", () => {
  test.each([
    ["prefix", (name: string) => ({ endpoint: `${origin}/_world/${name}`, credentials: anyCredentials })],
    ["prefix and a slash", (name: string) => ({ endpoint: `${origin}/_world/${name}/`, credentials: anyCredentials })],
  ])("by its %s", async (how, config) => {
    const name = how.replaceAll(" ", "-");
    await worldWithStream(name);
    const { kinesis, lambda, sqs } = clientsAt(config(name));
    expect((await kinesis.send(new ListStreamsCommand())).StreamNames).toEqual([name]);
    expect((await lambda.send(new ListFunctionsCommand())).Functions).toEqual([]);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
    expect(QueueUrl).toBe(`${origin}/_world/${name}/000000000000/q`);
  });

  test("by an access key that it issued, alone", async () => {
    const { credentials } = await worldWithStream("by-key");
    const { kinesis, sqs, sts } = clientsAt({ endpoint: origin, credentials });
    expect((await kinesis.send(new ListStreamsCommand())).StreamNames).toEqual(["by-key"]);
    expect(await sts.send(new GetCallerIdentityCommand())).toMatchObject({ Account: "000000000000" });
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
    expect(QueueUrl).toBe(`${origin}/_world/by-key/000000000000/q`);
    expect((await emulator.sqs.send(new ListQueuesCommand())).QueueUrls ?? []).toEqual([]);
  });

  test("by its prefix rather than by another world's access key", async () => {
    await worldWithStream("prefix-wins");
    const { credentials } = await worldWithStream("key-loses");
    const { kinesis } = clientsAt({ endpoint: `${origin}/_world/prefix-wins`, credentials });
    expect((await kinesis.send(new ListStreamsCommand())).StreamNames).toEqual(["prefix-wins"]);
  });

  test("by the QueueUrl: the SQS client sends to its origin and drops its path", async () => {
    const { endpoint } = await control.createWorld({ name: "by-queue-url" });
    const { sqs } = clientsAt({ endpoint, credentials: anyCredentials });
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
    expect((await new ControlClient(endpoint).peek.queue("orders")).messages).toMatchObject([{ body: "hello" }]);
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: "orders" }))).QueueUrl).toBe(QueueUrl);
  });

  test("anything else means the default world", async () => {
    const { kinesis } = clientsAt({ endpoint: origin, credentials: anyCredentials });
    await kinesis.send(new CreateStreamCommand({ StreamName: "in-default", ShardCount: 1 }));
    expect((await emulator.kinesis.send(new ListStreamsCommand())).StreamNames).toEqual(["in-default"]);
  });
});

describe("a world that is not there", () => {
  const name = "UnknownWorldException";
  const message = 'LocalEmu has no world "gone": it was never created, or its test file has ended';

  test("is an error for each service, never the default world", async () => {
    const endpoint = `${origin}/_world/gone`;
    const config = { endpoint, credentials: anyCredentials, region: "us-east-1" };
    const { kinesis, lambda, sqs, sts } = clientsAt(config);
    const s3 = new S3Client(config);
    const sns = new SNSClient(config);
    const QueueUrl = `${endpoint}/000000000000/q`;
    for (const call of [
      () => kinesis.send(new ListStreamsCommand()),
      () => lambda.send(new ListFunctionsCommand()),
      () => sqs.send(new ListQueuesCommand()),
      () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x" })),
      () => sts.send(new GetCallerIdentityCommand()),
      () => sns.send(new ListTopicsCommand()),
      () => s3.send(new ListBucketsCommand()),
    ]) {
      await expect(call()).rejects.toMatchObject({ name, message, $metadata: { httpStatusCode: 404 } });
    }
  });

  test("is an error of the control API", async () => {
    const gone = new ControlClient(`${origin}/_world/gone`).info();
    await expect(gone).rejects.toBeInstanceOf(ControlError);
    await expect(gone).rejects.toMatchObject({ code: name, message, status: 404 });
  });

  test("is known by its access key too", async () => {
    const world = await control.createWorld();
    await control.deleteWorld(world.name);
    const { kinesis, sts } = clientsAt({ endpoint: origin, credentials: world.credentials });
    const expected = { name: "UnrecognizedClientException", $metadata: { httpStatusCode: 403 } };
    for (const call of [() => kinesis.send(new ListStreamsCommand()), () => sts.send(new GetCallerIdentityCommand())]) {
      await expect(call()).rejects.toMatchObject(expected);
      await expect(call()).rejects.toThrow(`the access key ${world.credentials.accessKeyId} belongs to no world`);
    }
  });
});
