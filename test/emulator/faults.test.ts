import { GetRecordsCommand, ListStreamsCommand, PutRecordCommand, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ListQueuesCommand } from "@aws-sdk/client-sqs";
import type { FaultRule } from "@localemu/control";
import { describe, expect, test } from "vitest";
import { createStream } from "../kinesis/streams.ts";
import { callControl, controlError } from "./control-calls.ts";
import { clientsOf, startTestEmulator } from "./emulator.ts";
import { emulatorTest } from "./emulator-test.ts";
import { failureOf } from "./failure-of.ts";

const emulated = emulatorTest();
const error = "ProvisionedThroughputExceededException";

/** A world of its own, whose clients try everything once. */
async function ownWorld(server: Awaited<ReturnType<typeof startTestEmulator>>) {
  const emu = await server.emu.createWorld();
  const config = { ...emu.getClientConfig(), maxAttempts: 1 };
  return {
    emu,
    ...clientsOf(emu, { maxAttempts: 1 }),
    s3: new S3Client(config),
    sns: new SNSClient(config),
    [Symbol.asyncDispose]: () => emu.close(),
  };
}

const record = { StreamName: "orders", PartitionKey: "k", Data: Buffer.from("x") };
const records = { StreamName: "orders", Records: [1, 2, 3].map(() => ({ PartitionKey: "k", Data: Buffer.from("x") })) };

describe("a fault", () => {
  emulated("fails as many calls as it says, with AWS's error", async ({ emulator }) => {
    await using world = await ownWorld(emulator);
    const { emu, kinesis } = world;
    await createStream(kinesis, "orders");
    const fault = await emu.faults.add({ operation: "kinesis:PutRecord", error, message: "too fast", times: 2 });
    expect(fault).toEqual({
      id: "fault-1",
      operation: "kinesis:PutRecord",
      error,
      message: "too fast",
      times: 2,
      met: 0,
    });
    const put = () => failureOf(kinesis.send(new PutRecordCommand(record)));
    expect([await put(), await put(), await put()]).toEqual([
      `400 ${error}: too fast`,
      `400 ${error}: too fast`,
      "no failure",
    ]);
    expect(await failureOf(kinesis.send(new ListStreamsCommand()))).toBe("no failure");
    expect(await emu.faults.list()).toEqual([{ ...fault, met: 2 }]);
    expect((await emu.timeline()).filter(({ type }) => type === "fault.injected")).toHaveLength(2);
    await emu.faults.remove(fault.id);
    expect(await emu.faults.list()).toEqual([]);
    await expect(emu.faults.remove(fault.id)).rejects.toThrow("there is no fault fault-1");
  });

  emulated("of throughput, or within, is told record by record where AWS does so", async ({ emulator }) => {
    await using world = await ownWorld(emulator);
    const { emu, kinesis } = world;
    await createStream(kinesis, "orders");
    const refusals = [
      [error, "too fast"],
      ["InternalFailure", "Internal Service Failure"],
    ] as const;
    for (const [ErrorCode, ErrorMessage] of refusals) {
      const rule = { operation: "kinesis:PutRecords", error: ErrorCode, message: ErrorMessage, times: 1 };
      await emu.faults.add(rule);
      const { $metadata, ...answer } = await kinesis.send(new PutRecordsCommand(records));
      expect($metadata.httpStatusCode).toBe(200);
      expect(answer).toEqual({
        FailedRecordCount: 3,
        Records: records.Records.map(() => ({ ErrorCode, ErrorMessage })),
      });
      await emu.faults.add({ ...rule, operation: "kinesis:PutRecord" });
      const status = ErrorCode === error ? 400 : 500;
      expect(await failureOf(kinesis.send(new PutRecordCommand(record)))).toBe(
        `${status} ${ErrorCode}: ${ErrorMessage}`,
      );
    }
    await expect(emu.stream("orders").records()).resolves.toEqual([]);
    await emu.faults.add({ operation: "kinesis:PutRecords", error: "LimitExceededException", times: 1 });
    expect(await failureOf(kinesis.send(new PutRecordsCommand(records)))).toContain("400 LimitExceededException");
    expect(await kinesis.send(new PutRecordsCommand(records))).toMatchObject({ FailedRecordCount: 0 });
  });

  emulated("reaches every service in its own protocol", async ({ emulator }) => {
    await using world = await ownWorld(emulator);
    const { emu, lambda, sqs, s3, sns } = world;
    await sqs.send(new CreateQueueCommand({ QueueName: "jobs" }));
    await s3.send(new CreateBucketCommand({ Bucket: "files" }));
    const object = { Bucket: "files", Key: "a/b", Body: "x" };
    await emu.faults.add({ operation: "lambda:ListFunctions", error: "TooManyRequestsException", message: "m" });
    await emu.faults.add({ operation: "sqs:ListQueues", error: "OverLimit", message: "m", statusCode: 403 });
    await emu.faults.add({ operation: "sns:Publish", error: "Throttled", message: "m", statusCode: 403 });
    await emu.faults.add({ operation: "s3:PutObject", error: "SlowDown", message: "m", statusCode: 503 });
    expect(await failureOf(lambda.send(new ListFunctionsCommand()))).toBe("429 TooManyRequestsException: m");
    expect(await failureOf(sqs.send(new ListQueuesCommand()))).toBe("403 OverLimit: m");
    expect(
      await failureOf(sns.send(new PublishCommand({ TopicArn: "arn:aws:sns:us-east-1:000000000000:t", Message: "x" }))),
    ).toBe("403 ThrottledException: m");
    expect(await failureOf(s3.send(new PutObjectCommand(object)))).toBe("503 SlowDown: m");
    await emu.faults.clear();
    expect(await failureOf(s3.send(new PutObjectCommand(object)))).toBe("no failure");
  });

  emulated("may let a call wait, in world time, and then go on", async ({ emulator }) => {
    await using world = await ownWorld(emulator);
    const { emu, kinesis } = world;
    await createStream(kinesis, "orders");
    await emu.clock.freeze();
    await emu.faults.add({ operation: "kinesis:PutRecord", latencyMs: 60_000 });
    let answered = false;
    const put = kinesis.send(new PutRecordCommand(record)).then(() => (answered = true));
    for await (const { type } of emu.control.followTimeline()) if (type === "fault.injected") break;
    expect(answered).toBe(false);
    await emu.clock.advance(60_000);
    await put;
    expect(answered).toBe(true);
  });

  emulated("belongs to its world, and ends with a reset", async ({ emulator }) => {
    await using world = await ownWorld(emulator);
    await using other = await ownWorld(emulator);
    await world.emu.faults.add({ operation: "kinesis:ListStreams", error });
    const list = ({ kinesis }: typeof world) => failureOf(kinesis.send(new ListStreamsCommand()));
    expect(await list(world)).toContain(error);
    expect(await list(other)).toBe("no failure");
    await world.emu.reset();
    expect(await list(world)).toBe("no failure");
  });

  emulated.for<[rule: Partial<FaultRule>, message: string]>([
    [{ error }, "operation is missing, such as kinesis:PutRecords"],
    [{ operation: "PutRecords", error }, 'operation must be like kinesis:PutRecords or kinesis:*, not "PutRecords"'],
    [{ operation: "kinesis:PutRecordz", error }, "operation: kinesis has no PutRecordz"],
    [{ operation: "ecs:RunTask", error }, "operation: ecs is not emulated, so that nothing of it could fail"],
    [{ operation: "kinesis:*" }, "a fault needs an error or a latencyMs"],
    [{ operation: "kinesis:*", error, probability: 1.1 }, "probability must be from 0 to 1, not 1.1"],
    [{ operation: "kinesis:*", error, times: 0 }, "times must be at least 1, not 0"],
    [{ operation: "kinesis:*", error, times: 1.5 }, "times must be a whole number, not 1.5"],
    [{ operation: "kinesis:*", latencyMs: -1 }, "latencyMs must be at least 0, not -1"],
    [{ operation: "kinesis:*", error, statusCode: 200 }, "statusCode must be from 400 to 599, not 200"],
    [{ operation: "kinesis:*", error: "not a code" }, 'error must be a code, not "not a code"'],
    [
      { operation: "kinesis:*", error, ["colour" as string]: 1 },
      "a fault has no colour; it has operation, caller, probability, times, error, message, statusCode, latencyMs",
    ],
  ])("%j is refused", async ([rule, message], { emulator }) => {
    expect(await callControl(emulator.emu.endpoint, "POST faults", JSON.stringify(rule))).toEqual(
      controlError(400, "BadRequest", message),
    );
  });
});

test("KINESIS_ERROR_PROBABILITY fails puts from the beginning, the same ones for the same seed", async () => {
  const run = async () => {
    await using server = await startTestEmulator({ kinesisErrorProbability: 0.5, seed: 42 });
    await using world = await ownWorld(server);
    const { kinesis, emu } = world;
    await createStream(kinesis, "orders");
    const outcomes: string[] = [];
    for (let call = 0; call < 20; call++) {
      outcomes.push(await failureOf(kinesis.send(new PutRecordCommand(record))));
      outcomes.push(String((await kinesis.send(new PutRecordsCommand(records))).FailedRecordCount));
    }
    const iterator = await emu.control.call("kinesis", "GetShardIterator", {
      StreamName: "orders",
      ShardId: "0",
      ShardIteratorType: "TRIM_HORIZON",
    });
    const ShardIterator = String(iterator["ShardIterator"]);
    expect(await failureOf(kinesis.send(new GetRecordsCommand({ ShardIterator })))).toBe("no failure");
    await emu.reset();
    await createStream(kinesis, "orders");
    expect(await emu.faults.list()).toHaveLength(2);
    return outcomes;
  };
  const outcomes = await run();
  expect(new Set(outcomes.filter((_, index) => index % 2 === 1))).toEqual(new Set(["0", "3"]));
  expect(outcomes.filter((outcome) => outcome.includes(error)).length).toBeGreaterThan(3);
  expect(await run()).toEqual(outcomes);
});
