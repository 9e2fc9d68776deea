import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { functionArn, mappedStream, orders, toQueue } from "./mapped-stream.ts";
import type { MappedStream } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

const FunctionName = "orders-fn";
const reserve = (world: MappedStream, ReservedConcurrentExecutions: number) =>
  world.clients.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));

/** The versions that ran, in the order of the invocations. */
async function executed(world: MappedStream): Promise<readonly (string | undefined)[]> {
  const { events = [] } = await world.clients.logs.send(
    new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${FunctionName}`, filterPattern: '"START RequestId"' }),
  );
  const versions = new Map(
    events.map(({ message = "" }) => {
      const [, requestId, version] = /^START RequestId: (\S+) Version: (\S+)/.exec(message) ?? [];
      return [requestId, version];
    }),
  );
  return (await world.events("function.invoked")).map(({ requestId }) => versions.get(requestId));
}

describe("a function that is throttled", () => {
  test("gets everything, in order and once, when it may run again", async () => {
    await using world = await mappedStream(server, { frozen: true });
    await reserve(world, 0);
    const UUID = await world.map({ BatchSize: 2 });
    await world.put(...orders(1, 3));
    await world.emu.clock.advance(10_000);
    await world.put(...orders(4, 5));
    const tries = await world.events("mapping.notInvoked");
    expect(tries.length).toBeGreaterThan(3);
    expect(tries.every(({ reason }) => reason === "throttled")).toBe(true);
    expect(await world.batches()).toEqual([]);
    expect(await world.mapping(UUID)).toMatchObject({
      State: "Enabled",
      LastProcessingResult: "PROBLEM: Rate Exceeded.",
    });
    await reserve(world, 1);
    await world.emu.clock.advance(60_000);
    expect(await world.batches()).toEqual([[1, 2], [3, 4], [5]]);
    expect((await world.mapping(UUID)).LastProcessingResult).toBe("OK");
  });

  test("loses nothing even where nothing is tried again: a throttle is no attempt", async () => {
    await using world = await mappedStream(server, { frozen: true });
    await reserve(world, 0);
    await world.map({ MaximumRetryAttempts: 0, DestinationConfig: toQueue });
    await world.put({ id: 1, fail: "throw" }, { id: 2 });
    await world.emu.clock.advance(30_000);
    expect(await world.reports()).toEqual([]);
    await world.clients.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    await world.emu.clock.advance(60_000);
    expect(await world.batches()).toEqual([[1, 2]]);
    expect(await world.reports()).toMatchObject([expect.stringContaining(`"approximateInvokeCount":1`)]);
  });

  test("still loses what is older than it may be", async () => {
    await using world = await mappedStream(server, { frozen: true });
    await reserve(world, 0);
    await world.map({ MaximumRecordAgeInSeconds: 60, DestinationConfig: toQueue });
    await world.put({ id: 1 });
    await world.emu.clock.advance(200_000);
    expect(await world.reports()).toMatchObject([expect.stringContaining(`"condition":"RecordAgeExceeded"`)]);
    expect(await world.batches()).toEqual([]);
  });
});

describe("a mapping of", () => {
  /** Publishes what the function is now. */
  async function publish({ clients: { lambda } }: MappedStream, Description: string): Promise<void> {
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description }));
    await lambda.send(new PublishVersionCommand({ FunctionName }));
  }

  test("an alias takes the version that it moved to at the next batch", async () => {
    await using world = await mappedStream(server);
    const { lambda } = world.clients;
    const alias = { FunctionName, Name: "live" };
    await publish(world, "first");
    await publish(world, "second");
    await lambda.send(new CreateAliasCommand({ ...alias, FunctionVersion: "1" }));
    await world.map({ FunctionName: `${FunctionName}:live` });
    await world.put({ id: 1 });
    await world.emu.idle();
    await lambda.send(new UpdateAliasCommand({ ...alias, FunctionVersion: "2" }));
    await world.put({ id: 2 });
    await world.emu.idle();
    expect(await executed(world)).toEqual(["1", "2"]);
    expect(await world.batches()).toEqual([[1], [2]]);
  });

  test("a version runs that one, whatever $LATEST is", async () => {
    await using world = await mappedStream(server);
    await publish(world, "first");
    await world.map({ FunctionName: `${functionArn}:1` });
    await publish(world, "second");
    await world.put({ id: 1 });
    await world.emu.idle();
    expect(await executed(world)).toEqual(["1"]);
  });

  test.each(["live", "1"])(
    "%s that is deleted has a problem, and goes on when it is there again",
    async (qualifier) => {
      await using world = await mappedStream(server, { frozen: true });
      const { lambda } = world.clients;
      const alias = { FunctionName, Name: "live", FunctionVersion: "1" };
      await publish(world, "first");
      await lambda.send(new CreateAliasCommand(alias));
      const UUID = await world.map({
        FunctionName: `${FunctionName}:${qualifier}`,
        MaximumRetryAttempts: 0,
        DestinationConfig: toQueue,
      });
      await lambda.send(new DeleteAliasCommand(alias));
      await lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier: "1" }));
      await world.put({ id: 1 });
      await world.emu.clock.advance(10_000);
      const tries = await world.events("mapping.notInvoked");
      expect(tries.length).toBeGreaterThan(3);
      expect(tries.every(({ reason }) => reason === "functionMissing")).toBe(true);
      expect(await world.mapping(UUID)).toMatchObject({
        State: "Enabled",
        LastProcessingResult: `PROBLEM: Function not found: ${functionArn}:${qualifier}`,
      });
      expect(await world.reports()).toEqual([]);
      if (qualifier === "1") return;
      await lambda.send(new CreateAliasCommand({ ...alias, FunctionVersion: "$LATEST" }));
      await world.emu.clock.advance(60_000);
      expect(await executed(world)).toEqual(["$LATEST"]);
      expect(await world.batches()).toEqual([[1]]);
    },
  );
});
