import { DeleteEventSourceMappingCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream, toQueue } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator({ clock: "frozen" });
});

afterAll(() => server[Symbol.asyncDispose]());

const minute = 60_000;
const invoke = { operation: "lambda:Invoke", caller: "mapping", latencyMs: minute } as const;
const report = { operation: "sqs:SendMessage", caller: "mapping", latencyMs: minute } as const;
const sleepingFor = (what: string) => ({ state: "sleeping", nextTimer: { label: `latency of ${what}`, inMs: minute } });

describe("while a latency passes", () => {
  test("an invocation keeps time from nothing", async () => {
    await using world = await mappedStream(server);
    await world.map();
    await world.emu.faults.add(invoke);
    await world.put({ id: 1 });
    expect(await world.emu.idle()).toMatchObject(sleepingFor("lambda:Invoke"));
    await world.emu.clock.advance(minute);
    expect(await world.batches()).toEqual([[1]]);
    expect(await world.emu.idle()).toEqual({ state: "idle" });
  });

  test("a report to a destination keeps time from nothing", async () => {
    await using world = await mappedStream(server);
    await world.map({ MaximumRetryAttempts: 0, DestinationConfig: toQueue });
    await world.emu.faults.add(report);
    await world.put({ id: 1, fail: "throw" });
    expect(await world.emu.idle()).toMatchObject(sleepingFor("sqs:SendMessage"));
    await world.emu.clock.advance(minute);
    expect(await world.reports()).toHaveLength(1);
    expect(await world.emu.idle()).toEqual({ state: "idle" });
  });

  test("an automatic clock jumps over it", async () => {
    await using world = await mappedStream(server);
    await world.emu.clock.auto();
    await world.map({ MaximumRetryAttempts: 0, DestinationConfig: toQueue });
    for (const rule of [invoke, report]) await world.emu.faults.add(rule);
    await world.put({ id: 1, fail: "throw" });
    expect(await world.emu.idle()).toEqual({ state: "idle" });
    expect(await world.reports()).toHaveLength(1);
  });

  test("a mapping that ends or changes waits for it, in world time", async () => {
    await using world = await mappedStream(server);
    const UUID = await world.map();
    await world.emu.faults.add(invoke);
    await world.put({ id: 1 });
    await world.emu.idle();
    await world.clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 5 }));
    expect(await world.emu.idle()).toMatchObject(sleepingFor("lambda:Invoke"));
    expect(await world.mapping(UUID)).toMatchObject({ State: "Updating" });
    await world.emu.clock.advance(minute);
    expect(await world.mapping(UUID)).toMatchObject({ State: "Enabled", LastProcessingResult: "OK" });
    await world.put({ id: 2 });
    await world.emu.idle();
    await world.clients.lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
    expect(await world.emu.idle()).toMatchObject(sleepingFor("lambda:Invoke"));
    await world.emu.clock.advance(minute);
    expect((await world.events("mapping.stateChanged")).at(-1)).toMatchObject({ state: "Deleted" });
    expect(await world.batches()).toEqual([[1], [2]]);
    expect(await world.emu.idle()).toEqual({ state: "idle" });
  });
});
