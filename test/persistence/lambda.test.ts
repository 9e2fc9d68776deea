import { readFile, watch } from "node:fs/promises";
import { join } from "node:path";
import { CreateEventSourceMappingCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import { connect } from "@localemu/testkit";
import { expect, test } from "vitest";
import { Command } from "../emulator/command-line.ts";
import { clientsOf } from "../emulator/emulator.ts";
import { arnOf } from "../kinesis/streams.ts";
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
