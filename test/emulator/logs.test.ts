import { CreateStreamCommand, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { describe, expect, test } from "vitest";
import { Command } from "./command-line.ts";
import { clientsAt } from "./emulator.ts";
import { failureOf } from "./failure-of.ts";
import { createFunction, invoke } from "./functions.ts";

const start = ["start", "--port", "0"];
const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const handler = `export const handler = async () => { console.log("from the function"); return process.pid; };`;

/** Lets it do one of each thing that is logged, and gives what it has written at its end. */
async function outputOf(
  endpoint: string,
  command: Command,
): Promise<{ readonly output: string; readonly errors: string }> {
  const { kinesis, lambda, sqs } = clientsAt({ endpoint, credentials }, { maxAttempts: 1 });
  await kinesis.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
  await failureOf(
    kinesis.send(new PutRecordCommand({ StreamName: "none", PartitionKey: "k", Data: Buffer.from("secret") })),
  );
  await failureOf(
    sqs.send(new SendMessageCommand({ QueueUrl: `${endpoint}/000000000000/none`, MessageBody: "secret" })),
  );
  await createFunction(lambda, "f", handler);
  await invoke(lambda, "f");
  command.signal("SIGTERM");
  const ended = await command.ended;
  expect(ended.code).toBe(0);
  return ended;
}

describe("at debug level", () => {
  test.each([
    ["LOCALEMU_LOG_LEVEL", "debug"],
    ["DEBUG", "1"],
    ["LS_LOG", "trace"],
  ])("as %s=%s says, lines of text tell calls and what functions write", async (variable, value) => {
    await using command = new Command(start, { [variable]: value });
    const { output, errors } = await outputOf(await command.ready, command);
    expect(errors).toBe("");
    expect(output).toMatch(/^\[call default\] kinesis:CreateStream 200 [\d.]+ ms$/m);
    expect(output).toMatch(/^\[call default\] kinesis:PutRecord 400 ResourceNotFoundException [\d.]+ ms$/m);
    expect(output).toMatch(/^\[call default\] sqs:SendMessage 400 QueueDoesNotExist [\d.]+ ms$/m);
    expect(output).toMatch(/^\[lambda [0-9a-f]{32}\] .*from the function$/m);
    expect(output).not.toContain("secret");
  });

  test("JSON has an object in each line, with the parts as members", async () => {
    await using command = new Command([...start, "--log-format", "json", "--log-level", "debug"], {
      DEFAULT_REGION: "x",
    });
    const [endpoint = ""] = await command.printed(/"endpoint":"([^"]+)"[^]*"message":"Ready\."\}\n/);
    const { output, errors } = await outputOf(endpoint, command);
    const lines: readonly unknown[] = output
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const time = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(lines.slice(0, 2)).toEqual([
      {
        time,
        level: "info",
        message: expect.stringMatching(/^LocalEmu .* listens on /),
        version: expect.any(String),
        endpoint,
        port: expect.any(Number),
      },
      { time, level: "info", message: "Ready." },
    ]);
    const call = { time, level: "debug", message: "call", world: "default", durationMs: expect.any(Number) };
    expect(lines).toContainEqual({ ...call, service: "kinesis", operation: "CreateStream", status: 200 });
    const failed = { service: "kinesis", operation: "PutRecord", status: 400, code: "ResourceNotFoundException" };
    expect(lines).toContainEqual({ ...call, ...failed });
    expect(lines).toContainEqual({
      time,
      level: "debug",
      message: expect.stringContaining("from the function"),
      world: "default",
      environment: expect.stringMatching(/^[0-9a-f]{32}$/),
      logGroup: "/aws/lambda/f",
    });
    expect(JSON.parse(errors)).toEqual({
      time,
      level: "warn",
      message: "DEFAULT_REGION has no effect: use LOCALEMU_REGION",
    });
  });
});

test("what policies would deny is a warning", async () => {
  await using command = new Command(start, { ENFORCE_IAM: "soft" });
  const { kinesis, sts } = clientsAt({ endpoint: await command.ready, credentials });
  await kinesis.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
  const role = { RoleArn: "arn:aws:iam::000000000000:role/guest", RoleSessionName: "me" };
  const { Credentials } = await sts.send(new AssumeRoleCommand(role));
  const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "" } = Credentials ?? {};
  const guest = clientsAt({ endpoint: await command.ready, credentials: { accessKeyId, secretAccessKey } });
  await guest.kinesis.send(new PutRecordCommand({ StreamName: "s", PartitionKey: "k", Data: Buffer.from("secret") }));
  command.signal("SIGTERM");
  const { errors } = await command.ended;
  expect(errors).toBe(
    "localemu: AWS would deny this: User: arn:aws:sts::000000000000:assumed-role/guest/me is not authorized to perform: kinesis:PutRecord on resource: arn:aws:kinesis:us-east-1:000000000000:stream/s because no identity-based policy allows the kinesis:PutRecord action\n",
  );
});

test("by default there is nothing but where it listens, and DEBUG of other programs changes nothing", async () => {
  await using command = new Command(start, { DEBUG: "express:*", LS_LOG: "loudly" });
  const { output, errors } = await outputOf(await command.ready, command);
  expect(output).toMatch(/^LocalEmu \S+ listens on \S+\nReady\.\n$/);
  expect(errors).toBe("");
});

test("LocalEmu's variable wins over LocalStack's, and off writes nothing at all", async () => {
  await using command = new Command(["start", "--port", "1", "--host", "192.0.2.1"], {
    DEBUG: "1",
    LOCALEMU_LOG_LEVEL: "off",
  });
  expect(await command.ended).toMatchObject({ code: 3, output: "" });
});

test("what is wrong with the options is told in the format that was asked for", async () => {
  await using command = new Command(["start", "--port", "x"], { LOCALEMU_LOG_FORMAT: "json" });
  const { code, errors } = await command.ended;
  expect(code).toBe(2);
  expect(JSON.parse(errors)).toMatchObject({
    level: "error",
    message: expect.stringMatching(/^option --port must be/),
  });
});
