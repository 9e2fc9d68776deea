import { readFile, watch } from "node:fs/promises";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateEventSourceMappingCommand,
  CreateFunctionUrlConfigCommand,
  GetFunctionCommand,
  GetFunctionUrlConfigCommand,
  InvokeCommand,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-lambda";
import { connect } from "@localemu/testkit";
import { expect, test } from "vitest";
import { Command } from "../emulator/command-line.ts";
import { clientsOf, startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { arnOf } from "../kinesis/streams.ts";
import { ImageEngine } from "../lambda/image-engine.ts";
import { createFunction } from "../lambda/lambda-api.ts";
import { zipOf } from "../lambda/zips.ts";
import { newDataDirectory } from "./data-directory.ts";

/** Writes down the numbers that it gets, and gets stuck once, at number 5. */
const source = `
const { appendFileSync, existsSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const directory = process.env.DIRECTORY;
exports.handler = async ({ Records, number }) => {
  const numbers = Records?.map(({ kinesis }) => JSON.parse(Buffer.from(kinesis.data, "base64")).number) ?? [number];
  appendFileSync(join(directory, "numbers"), numbers.map((one) => one + "\\n").join(""));
  if (!numbers.includes(5) || existsSync(join(directory, "stuck"))) return;
  writeFileSync(join(directory, "stuck"), "");
  await new Promise((resolve) => setTimeout(resolve, 60_000));
};`;

async function appears(directory: string, file: string): Promise<void> {
  const changes = watch(directory);
  for await (const { filename } of changes) if (filename === file) return;
}

const numbersIn = async (directory: string) =>
  (await readFile(join(directory, "numbers"), "utf8")).trim().split("\n").map(Number);

test("a mapping goes on where a killed emulator stopped, in order, without being asked", async () => {
  await using directory = await newDataDirectory();
  const { dataDir } = directory;
  const args = ["start", "--port", "0", "--data-dir", dataDir];
  {
    await using command = new Command(args);
    const emu = await connect(await command.ready);
    const stuck = appears(dataDir, "stuck");
    const { lambda } = clientsOf(emu);
    await createFunction(lambda, "orders-fn", {
      Code: { ZipFile: zipOf({ "index.js": source }) },
      Environment: { Variables: { DIRECTORY: dataDir } },
      Timeout: 60,
    });
    const orders = await emu.createStream("orders");
    await lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName: "orders-fn",
        EventSourceArn: arnOf("orders"),
        StartingPosition: "TRIM_HORIZON",
        BatchSize: 1,
      }),
    );
    for (let number = 1; number <= 10; number++) {
      await orders.put(JSON.stringify({ number }), { partitionKey: "k" });
    }
    await stuck;
    command.signal("SIGKILL");
    await command.ended;
  }
  await using command = new Command(args);
  const emu = await connect(await command.ready);
  await emu.idle();
  expect(await numbersIn(dataDir)).toEqual([1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 10]);
});

test("an event that was accepted is invoked, also when the emulator is killed at once", async () => {
  await using directory = await newDataDirectory();
  const { dataDir } = directory;
  const args = ["start", "--port", "0", "--data-dir", dataDir];
  {
    await using command = new Command(args);
    const { lambda } = clientsOf(await connect(await command.ready));
    await createFunction(lambda, "orders-fn", {
      Code: { ZipFile: zipOf({ "index.js": source }) },
      Environment: { Variables: { DIRECTORY: dataDir } },
    });
    const Payload = JSON.stringify({ number: 7 });
    await lambda.send(new InvokeCommand({ FunctionName: "orders-fn", InvocationType: "Event", Payload }));
    command.signal("SIGKILL");
    await command.ended;
  }
  await using command = new Command(args);
  await (await connect(await command.ready)).idle();
  expect(new Set(await numbersIn(dataDir))).toEqual(new Set([7]));
});

const callingHome = `
exports.handler = async () => {
  console.log("ran");
  return (await fetch(process.env.AWS_ENDPOINT_URL + "/_localemu/health/ready")).status;
};`;

test("after a restart functions, URLs, mappings, tags and logs are what they were", async () => {
  await using directory = await newDataDirectory();
  const Resource = "arn:aws:lambda:us-east-1:000000000000:function:orders-fn";
  const FunctionName = "orders-fn";
  const logGroupName = `/aws/lambda/${FunctionName}`;
  const everything = async ({ lambda, logs }: TestEmulator) => {
    const { Configuration, Code } = await lambda.send(new GetFunctionCommand({ FunctionName }));
    const { FunctionUrl } = await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));
    const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({}));
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
    const mapping = EventSourceMappings?.[0]?.EventSourceMappingArn;
    const tags = [Resource, mapping].map((arn) => lambda.send(new ListTagsCommand({ Resource: arn })));
    return {
      Configuration,
      // Each emulator has its own port.
      code: new URL(Code?.Location ?? "").pathname,
      url: new URL(FunctionUrl ?? "").pathname,
      EventSourceMappings,
      events,
      tags: (await Promise.all(tags)).map(({ Tags }) => Tags),
    };
  };
  const before = async () => {
    await using emulator = await startTestEmulator(directory);
    const { lambda, emu } = emulator;
    await emu.createStream("orders");
    await createFunction(lambda, FunctionName, {
      Code: { ZipFile: zipOf({ "index.js": callingHome }) },
    });
    await lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: "NONE" }));
    const mapping = await lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName,
        EventSourceArn: arnOf("orders"),
        StartingPosition: "LATEST",
      }),
    );
    for (const tagged of [Resource, mapping.EventSourceMappingArn]) {
      await lambda.send(new TagResourceCommand({ Resource: tagged, Tags: { team: "a", stage: "b" } }));
      await lambda.send(new UntagResourceCommand({ Resource: tagged, TagKeys: ["stage"] }));
    }
    await lambda.send(new InvokeCommand({ FunctionName }));
    await emu.idle();
    return await everything(emulator);
  };
  const known = await before();
  await using emulator = await startTestEmulator(directory);
  expect(known.tags).toEqual([{ team: "a" }, { team: "a" }]);
  expect(known.events?.some(({ message }) => message?.includes("ran"))).toBe(true);
  expect(await everything(emulator)).toEqual(known);
  const zip = await fetch(new URL(known.code, emulator.emu.endpoint));
  expect(
    createHash("sha256")
      .update(Buffer.from(await zip.arrayBuffer()))
      .digest("base64"),
  ).toBe(known.Configuration?.CodeSha256);
  // The function reaches the emulator that runs it now.
  expect((await emulator.emu.function(FunctionName).invoke()).payload).toBe(200);
});

test("a function that waits for its runtime's image has its code after any number of stops", async () => {
  // It has no image, and never comes to the end of pulling one.
  await using engine = new ImageEngine();
  await using directory = await newDataDirectory();
  const options = { ...directory, docker: true, dockerHost: await engine.listen() };
  const Code = { ZipFile: zipOf({ "Handler.class": "code" }) };
  const FunctionName = "later";
  const first = await startTestEmulator(options);
  await createFunction(first.lambda, FunctionName, { Runtime: "java21", Handler: "Handler", Code });
  await first[Symbol.asyncDispose]();
  for (let start = 0; start < 2; start++) {
    await using emulator = await startTestEmulator(options);
    const { Configuration, Code: kept } = await emulator.lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(Configuration?.State).toBe("Pending");
    const zip = await fetch(kept?.Location ?? "");
    expect(Buffer.from(await zip.arrayBuffer())).toEqual(Buffer.from(Code.ZipFile));
  }
});
