import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { connect, startLocalEmu } from "./connect.ts";
import { FakeControlServer } from "./fake-control-server.test.fixture.ts";
import type { LocalEmu } from "./local-emu.ts";

const emulator = vi.hoisted(() => ({
  startEmulator: vi.fn<(options: object) => Promise<AsyncDisposable & { endpoint: string }>>(),
}));
vi.mock("@localemu/emulator", () => emulator);

let server: FakeControlServer;
let emu: LocalEmu;

beforeEach(async () => {
  server = new FakeControlServer();
  emu = await connect(await server.start());
});

afterEach(async () => {
  await emu.close();
  await server[Symbol.asyncDispose]();
});

describe("connect", () => {
  test("gives what clients and processes under test need", () => {
    expect(emu.getClientConfig()).toEqual({
      endpoint: server.endpoint,
      region: "eu-west-1",
      credentials: { accessKeyId: "LEMU", secretAccessKey: "secret" },
    });
    expect(emu.getEnvironment()).toEqual({
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "LEMU",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false",
      AWS_USE_DUALSTACK_ENDPOINT: "false",
      AWS_USE_FIPS_ENDPOINT: "false",
    });
  });

  test("hands out an address where it was given localhost", async () => {
    await using local = await connect(server.endpoint.replace("127.0.0.1", "localhost"));

    expect(local.endpoint).toBe(server.endpoint);
  });

  test("fails when nothing listens", async () => {
    const gone = new FakeControlServer();
    const endpoint = await gone.start();
    await gone[Symbol.asyncDispose]();

    await expect(connect(endpoint)).rejects.toThrow(`No LocalEmu answers at ${endpoint}: ECONNREFUSED`);
  });
});

describe("startLocalEmu", () => {
  test("starts an emulator and stops it", async () => {
    const stop = vi.fn<() => Promise<void>>(() => Promise.resolve());
    emulator.startEmulator.mockResolvedValue({ endpoint: server.endpoint, [Symbol.asyncDispose]: stop });
    {
      await using started = await startLocalEmu({ clock: "frozen" });
      expect(started.endpoint).toBe(server.endpoint);
      expect(emulator.startEmulator).toHaveBeenCalledExactlyOnceWith({ clock: "frozen" });
      expect(stop).not.toHaveBeenCalled();
    }
    expect(stop).toHaveBeenCalledOnce();
  });

  test("stops an emulator that it cannot connect to", async () => {
    const stop = vi.fn<() => Promise<void>>(() => Promise.resolve());
    delete server.answers["GET info"];
    emulator.startEmulator.mockResolvedValue({ endpoint: server.endpoint, [Symbol.asyncDispose]: stop });

    await expect(startLocalEmu()).rejects.toThrow("no info");
    expect(stop).toHaveBeenCalledOnce();
  });
});

describe("worlds", () => {
  test("a world is leased while it is open, and deleted when it is closed", async () => {
    server.answers["POST worlds"] = () => ({
      name: "mine",
      endpoint: `${server.endpoint}/_world/mine`,
      credentials: { accessKeyId: "LEMU", secretAccessKey: "secret" },
    });
    server.answers["DELETE worlds/mine"] = () => ({});
    const world = await emu.createWorld("mine");

    expect(server.bodies("worlds")).toEqual([{ name: "mine", lease: true }]);
    expect(server.leases).toBe(1);
    expect([world.world, world.endpoint]).toEqual(["mine", `${server.endpoint}/_world/mine`]);
    expect(world.getClientConfig().credentials.accessKeyId).toBe("LEMU/_world/mine");

    await world.close();
    await world.close();
    expect(server.calls.filter(({ method }) => method === "DELETE")).toHaveLength(1);
    await server.leaseClosed;
    expect(server.leases).toBe(0);
  });

  test("a world may be closed after its server", async () => {
    server.answers["POST worlds"] = () => ({ name: "mine", endpoint: `${server.endpoint}/_world/mine` });
    const world = await emu.createWorld();
    await server[Symbol.asyncDispose]();

    await expect(world.close()).resolves.toBeUndefined();
    server = new FakeControlServer();
    await server.start();
  });
});

describe("idle", () => {
  test("gives the report", async () => {
    server.answers["POST idle"] = () => ({ state: "idle" });

    expect(await emu.idle()).toEqual({ state: "idle" });
  });

  test("fails when the time-out passes first", async () => {
    server.answers["POST idle"] = () => ({ state: "busy", busy: [{ label: "invoke orders-fn", count: 1 }] });

    await expect(emu.idle({ timeoutMs: 500 })).rejects.toThrow(
      "The world had not settled after 500 ms: busy with invoke orders-fn.",
    );
  });

  test("fails for a timer only while the clock runs", async () => {
    const report = { state: "sleeping", nextTimer: { label: "retry", at: 9, inMs: 9 } };
    server.answers["POST idle"] = () => report;
    server.answers["GET clock"] = () => ({ mode: "frozen", now: 0 });
    expect(await emu.idle()).toEqual(report);

    server.answers["GET clock"] = () => ({ mode: "running", now: 0 });
    await expect(emu.idle()).rejects.toThrow("retry is due in 9 ms");
  });
});

describe("streams", () => {
  test("are made, written and read", async () => {
    server.answers["POST aws/kinesis/CreateStream"] = () => ({});
    server.answers["POST aws/kinesis/PutRecord"] = () => ({ ShardId: "shardId-000000000000", SequenceNumber: "1" });
    server.answers["GET peek/streams/orders"] = () => ({
      shards: [
        {
          shardId: "shardId-000000000000",
          records: [{ sequenceNumber: "1", partitionKey: "k", approximateArrival: 5, data: "eyJpZCI6MX0=" }],
        },
      ],
    });
    const stream = await emu.createStream("orders", { shards: 2 });

    expect(stream.arn).toBe("arn:aws:kinesis:eu-west-1:000000000000:stream/orders");
    expect(await stream.put("hello", { partitionKey: "k" })).toEqual({
      shardId: "shardId-000000000000",
      sequenceNumber: "1",
    });
    expect(await stream.records()).toEqual([
      {
        shardId: "shardId-000000000000",
        sequenceNumber: "1",
        partitionKey: "k",
        approximateArrival: 5,
        data: { id: 1 },
        bytes: Buffer.from('{"id":1}'),
      },
    ]);
    expect(server.bodies("aws/kinesis/CreateStream")).toEqual([{ StreamName: "orders", ShardCount: 2 }]);
    expect(server.bodies("aws/kinesis/PutRecord")).toEqual([
      { StreamName: "orders", Data: "aGVsbG8=", PartitionKey: "k" },
    ]);
  });

  test("take any number of values, in calls of at most 500 records and 4 MiB", async () => {
    const sizes: number[] = [];
    server.answers["POST aws/kinesis/PutRecords"] = ({ body }) => {
      const records = Array.isArray(body["Records"]) ? body["Records"] : [];
      sizes.push(records.length);
      return {
        FailedRecordCount: 0,
        Records: records.map((_, index) => ({ ShardId: "s", SequenceNumber: `${index}` })),
      };
    };
    const values = Array.from({ length: 1001 }, (_, id) => ({ id }));
    const results = await emu.stream("orders").putJson(values, { partitionKey: ({ id }) => String(id) });

    expect(results).toHaveLength(1001);
    expect(sizes).toEqual([500, 500, 1]);
    expect(server.bodies("aws/kinesis/PutRecords")[2]).toEqual({
      StreamName: "orders",
      Records: [{ Data: Buffer.from('{"id":1000}').toString("base64"), PartitionKey: "1000" }],
    });

    sizes.length = 0;
    await emu.stream("orders").putJson(
      Array.from({ length: 5 }, () => "x".repeat(1_000_000)),
      { partitionKey: "k" },
    );
    expect(sizes).toEqual([3, 2]);
  });

  test("name the records that were refused", async () => {
    server.answers["POST aws/kinesis/PutRecords"] = () => ({
      FailedRecordCount: 1,
      Records: [
        { ShardId: "s", SequenceNumber: "1" },
        { ErrorCode: "ProvisionedThroughputExceededException", ErrorMessage: "Rate exceeded" },
      ],
    });

    await expect(emu.stream("orders").putJson([1, 2], { partitionKey: "k" })).rejects.toThrow(
      "1 of 2 records were refused by orders: ProvisionedThroughputExceededException: Rate exceeded",
    );
  });
});

test("queues are made, written and read", async () => {
  const url = `${server.endpoint}/000000000000/orders`;
  server.answers["POST aws/sqs/CreateQueue"] = () => ({ QueueUrl: url });
  server.answers["POST aws/sqs/SendMessage"] = () => ({ MessageId: "m-1" });
  const message = { messageId: "m-1", body: '{"id":1}', state: "visible", receiveCount: 0 };
  server.answers["GET peek/queues/orders"] = () => ({ queueName: "orders", messages: [message] });
  const redrive = { queue: emu.queue("orders-dlq"), maxReceiveCount: 3 };
  const queue = await emu.createQueue("orders", { visibilityTimeoutSeconds: 1, delaySeconds: 0, redrive });

  expect([queue.url, queue.arn]).toEqual([url, "arn:aws:sqs:eu-west-1:000000000000:orders"]);
  expect(emu.queue("orders").url).toBe(url);
  expect(await queue.send("{}")).toBe("m-1");
  expect(await queue.messages()).toEqual([{ ...message, data: { id: 1 } }]);
  expect(server.bodies("aws/sqs/SendMessage")).toEqual([{ QueueUrl: url, MessageBody: "{}" }]);
  expect(server.bodies("aws/sqs/CreateQueue")).toEqual([
    {
      QueueName: "orders",
      Attributes: {
        VisibilityTimeout: "1",
        DelaySeconds: "0",
        RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:000000000000:orders-dlq","maxReceiveCount":3}',
      },
    },
  ]);
});
