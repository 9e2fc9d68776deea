import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateStreamCommand, ListStreamsCommand } from "@aws-sdk/client-kinesis";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ListQueuesCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { DataError, startEmulator } from "@localemu/emulator";
import { connect } from "@localemu/testkit";
import { expect, test } from "vitest";
import { Command } from "../emulator/command-line.ts";
import { clientsAt, clientsOf } from "../emulator/emulator.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { put } from "../kinesis/streams.ts";
import { createFunction } from "../lambda/lambda-api.ts";
import { newDataDirectory } from "./data-directory.ts";

const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const kinesisAt = (endpoint: string) => clientsAt({ endpoint, credentials }, { maxAttempts: 1 }).kinesis;
const start = ["start", "--port", "0"];

test.each<[how: string, args: (dataDir: string) => string[], environment: (dataDir: string) => Record<string, string>]>(
  [
    ["--data-dir", (dataDir) => ["--data-dir", dataDir], () => ({})],
    ["LOCALEMU_DATA_DIR", () => [], (dataDir) => ({ LOCALEMU_DATA_DIR: dataDir })],
  ],
)(
  "%s names the directory, which outlives a killed emulator, and there is nothing on its error output",
  async (_, args, environment) => {
    await using directory = await newDataDirectory();
    const dataDir = join(directory.dataDir, "made");
    {
      await using command = new Command([...start, ...args(dataDir)], environment(dataDir));
      await kinesisAt(await command.ready).send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
      command.signal("SIGKILL");
      expect((await command.ended).errors).toBe("");
    }
    await using command = new Command([...start, ...args(dataDir)], environment(dataDir));
    const { StreamNames } = await kinesisAt(await command.ready).send(new ListStreamsCommand());
    expect(StreamNames).toEqual(["orders"]);
  },
);

test("PERSISTENCE=1 means .localemu in the working directory", async () => {
  await using directory = await newDataDirectory();
  const environment = { PERSISTENCE: "1" };
  {
    await using command = new Command(start, environment, "", { directory: directory.dataDir });
    await kinesisAt(await command.ready).send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
  }
  await using command = new Command([...start, "--data-dir", ".localemu"], {}, "", { directory: directory.dataDir });
  const { StreamNames } = await kinesisAt(await command.ready).send(new ListStreamsCommand());
  expect(StreamNames).toEqual(["orders"]);
});

test("a PERSISTENCE that is no switch is refused", async () => {
  await using command = new Command(start, { PERSISTENCE: "yes" });
  expect(await command.ended).toMatchObject({ code: 2, errors: 'localemu: PERSISTENCE must be 1 or 0, not "yes"\n' });
});

test("a directory that another emulator has is refused in one line, until that has ended, however it does", async () => {
  await using directory = await newDataDirectory();
  const { dataDir } = directory;
  const args = [...start, "--data-dir", dataDir];
  await using first = new Command(args);
  await first.ready;
  const inUse = `the data directory ${dataDir} is in use by another LocalEmu`;
  await using second = new Command(args);
  expect(await second.ended).toMatchObject({ code: 4, output: "", errors: `localemu: ${inUse}\n` });
  const embedded = startEmulator({ dataDir });
  await expect(embedded).rejects.toThrow(DataError);
  await expect(embedded).rejects.toThrow(inUse);
  first.signal("SIGKILL");
  await first.ended;
  const emulator = await startEmulator({ dataDir });
  await expect(startEmulator({ dataDir })).rejects.toThrow(inUse);
  await emulator.stop();
  await (await startEmulator({ dataDir })).stop();
});

test("a start that fails for another reason lets go of the directory", async () => {
  await using directory = await newDataDirectory();
  const { dataDir } = directory;
  const other = await startEmulator();
  await expect(startEmulator({ dataDir, port: other.port })).rejects.toThrow("EADDRINUSE");
  await other.stop();
  await (await startEmulator({ dataDir })).stop();
});

test.each<[what: string, change: (bytes: Buffer) => Buffer, refusal: RegExp]>([
  [
    "not LocalEmu's",
    () => Buffer.from("my precious notes\n".repeat(1000)),
    /^is not a file of LocalEmu's; it is left as it is\n$/,
  ],
  [
    "damaged",
    (bytes) => bytes.fill(0xee, 4096, 12_000),
    /^is damaged and is left as it is \(.+\); remove it to start with nothing\n$/,
  ],
  [
    "of a newer format",
    (bytes) => {
      // Where SQLite has the `user_version`.
      bytes.writeUInt32BE(7, 60);
      return bytes;
    },
    /^has format 7, and this LocalEmu knows format \d+: it was written by LocalEmu .+\. Use that one, or another data directory\.\n$/,
  ],
])("a file that is %s is refused in one line", async (_, change, refusal) => {
  await using directory = await newDataDirectory();
  const { dataDir } = directory;
  await (await startEmulator({ dataDir })).stop();
  const file = join(dataDir, "localemu.db");
  const bytes = change(await readFile(file));
  await writeFile(file, bytes);
  await using command = new Command([...start, "--data-dir", dataDir]);
  const { code, output, errors } = await command.ended;
  expect([code, output]).toEqual([4, ""]);
  const opening = `localemu: ${file} `;
  expect(errors.slice(0, opening.length)).toBe(opening);
  expect(errors.slice(opening.length)).toMatch(refusal);
  expect((await readFile(file)).equals(bytes)).toBe(true);
});

/** The shell limits how large a file may be, in blocks of 512 bytes: to SQLite that is a disk without room. */
const limitedTo = (blocks: number) => ({ before: ["/bin/sh", "-c", `ulimit -f ${blocks}; exec "$0" "$@"`] });

test("when the disk is full, no change is acknowledged, reads go on, and the next start has what was acknowledged", async () => {
  await using directory = await newDataDirectory();
  const args = [...start, "--data-dir", directory.dataDir];
  const acknowledged: string[] = [];
  {
    await using command = new Command(args, {}, "", limitedTo(2000));
    const kinesis = kinesisAt(await command.ready);
    await kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
    const emu = await connect(await command.ready);
    const { sqs, lambda } = clientsOf(emu, { maxAttempts: 1 });
    const queue = await emu.createQueue("queue");
    await createFunction(lambda, "told");
    const topics = [await emu.createTopic("of-functions"), await emu.createTopic("of-queues")];
    await topics[0]?.subscribe(emu.function("told"));
    await topics[1]?.subscribe(queue);
    await emu.createBucket("bucket");
    const config = { ...emu.getClientConfig(), region: "us-east-1", maxAttempts: 1 };
    const [sns, s3] = [new SNSClient(config), new S3Client(config)];
    const fill = async (): Promise<never> => {
      for (;;) acknowledged.push(await put(kinesis, "orders", "k", { Data: Buffer.alloc(100_000) }));
    };
    const full =
      /^500 InternalFailure: LocalEmu cannot write to .+localemu.db: .+\. It refuses every change until it is started again\.$/;
    expect(await failureOf(fill())).toMatch(full);
    expect(await failureOf(kinesis.send(new CreateStreamCommand({ StreamName: "more", ShardCount: 1 })))).toMatch(full);
    const changes: readonly (() => Promise<unknown>)[] = [
      () => sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: "lost" })),
      () => sqs.send(new CreateQueueCommand({ QueueName: "more" })),
      ...topics.map(
        ({ arn }) =>
          () =>
            sns.send(new PublishCommand({ TopicArn: arn, Message: "lost" })),
      ),
      () => sns.send(new CreateTopicCommand({ Name: "more" })),
      () => s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "lost", Body: "lost" })),
      () => lambda.send(new InvokeCommand({ FunctionName: "told", InvocationType: "Event" })),
    ];
    for (const change of changes) expect(await failureOf(change())).toMatch(full);
    expect((await kinesis.send(new ListStreamsCommand())).StreamNames).toContain("orders");
    expect((await sqs.send(new ListQueuesCommand())).QueueUrls).toContain(queue.url);
    const metrics = await (await fetch(`${emu.endpoint}/_localemu/metrics`)).text();
    expect(metrics).toContain('localemu_calls_total{service="sqs",operation="CreateQueue",status="500"} 1\n');
    const timeline = await emu.timeline();
    expect(timeline.filter(({ type }) => type === "internalError")).toMatchObject([{ where: "data directory" }]);
  }
  expect(acknowledged.length).toBeGreaterThan(0);
  await using command = new Command(args);
  const kinesis = kinesisAt(await command.ready);
  expect((await kinesis.send(new ListStreamsCommand())).StreamNames).toEqual(["orders"]);
  const next = await put(kinesis, "orders", "k");
  expect(BigInt(next)).toBeGreaterThan(BigInt(acknowledged.at(-1) ?? 0));
});

test("time that was not kept on a full disk is not acknowledged as moved", async () => {
  await using directory = await newDataDirectory();
  const args = [...start, "--data-dir", directory.dataDir];
  const frozen = { LOCALEMU_CLOCK: "frozen" };
  let acknowledged = 0;
  {
    await using command = new Command(args, frozen, "", limitedTo(400));
    const emu = await connect(await command.ready);
    const fill = async (): Promise<never> => {
      for (;;) acknowledged = (await emu.clock.advance(1)).now;
    };
    await expect(fill()).rejects.toThrow("It refuses every change until it is started again.");
  }
  expect(acknowledged).toBeGreaterThan(0);
  await using command = new Command(args, frozen);
  expect((await (await connect(await command.ready)).clock.read()).now).toBe(acknowledged);
});
