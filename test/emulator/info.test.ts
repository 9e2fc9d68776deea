import { readFileSync } from "node:fs";
import { CreateStreamCommand } from "@aws-sdk/client-kinesis";
import { CreateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { startTestEmulator } from "./emulator.ts";
import { createFunction, invoke, processFunction } from "./functions.ts";

const manifest: { readonly version: string; readonly devDependencies: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(new URL("../../packages/emulator/package.json", import.meta.url), "utf8"),
);

test("tells versions, the options that were set, and what each world has", async () => {
  await using emulator = await startTestEmulator({
    region: "eu-west-1",
    clock: "auto",
    credentials: ["AKIAMINE:s3cr:et"],
  });
  const { emu, kinesis, lambda } = emulator;
  await kinesis.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
  await createFunction(lambda, "f", processFunction);
  await invoke(lambda, "f");
  const EventSourceArn = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
  await lambda.send(
    new CreateEventSourceMappingCommand({ FunctionName: "f", EventSourceArn, StartingPosition: "LATEST" }),
  );
  await emu.idle();
  const world = await emu.createWorld();
  await world.createStream("other");
  const nothing = { streams: 0, functions: 0, environments: 0, mappings: 0, queues: 0, workTimers: 0, underWay: 0 };
  expect(await emu.control.info()).toMatchObject({
    version: manifest.version,
    versions: {
      localemu: manifest.version,
      node: process.version,
      fauxqs: manifest.devDependencies["fauxqs"],
      dynalite: manifest.devDependencies["dynalite"],
    },
    uptimeMs: expect.any(Number),
    // The keys alone.
    options: { region: "eu-west-1", clock: "auto", credentials: ["AKIAMINE"] },
    worlds: [
      { ...nothing, name: "default", streams: 1, functions: 1, environments: 1, mappings: 1 },
      { ...nothing, name: world.world, streams: 1 },
    ],
  });
});

test("tells of its health to whoever asks, by whatever name", async () => {
  await using emulator = await startTestEmulator();
  const response = await fetch(`${emulator.emu.endpoint}/_localemu/health`, {
    headers: { origin: "http://a.example" },
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    status: "ready",
    version: manifest.version,
    uptimeMs: expect.any(Number),
  });
});
