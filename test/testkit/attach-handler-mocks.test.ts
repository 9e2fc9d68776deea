import "@localemu/vitest/extend";
import http from "node:http";
import http2 from "node:http2";
import { syncBuiltinESMExports } from "node:module";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";

/** Where undici, the one of Node.js too, looks for the dispatcher that its MockAgent replaces. */
const dispatcher = Symbol.for("undici.globalDispatcher.1");

let emulator: TestEmulator;
const ends: (() => void)[] = [];

beforeEach(async () => {
  emulator = await startTestEmulator();
});

afterEach(async () => {
  vi.useRealTimers();
  for (const end of ends.splice(0)) end();
  await emulator[Symbol.asyncDispose]();
});

/** Replaces a member, as libraries do that mock requests. */
function replace(target: object, name: string | symbol, value: unknown): void {
  const before: unknown = Reflect.get(target, name);
  Reflect.set(target, name, value);
  ends.push(() => void Reflect.set(target, name, before));
}

function mockAllRequests(): void {
  const refuse = (): never => {
    throw new Error("no network in tests");
  };
  replace(globalThis, "fetch", refuse);
  replace(globalThis, dispatcher, { dispatch: refuse });
  for (const module of [http, http2]) for (const name of ["request", "get", "connect"]) replace(module, name, refuse);
  replace(http, "ClientRequest", refuse);
  syncBuiltinESMExports();
  ends.push(syncBuiltinESMExports);
}

test("a handler gets its batches where every way to make a request is mocked, and all timers are fake", async () => {
  const { emu } = emulator;
  // What serves it is loaded, and connected: modules that are loaded under mocks have these.
  await (await emu.attachHandler("loaded", async () => 1)).detach();
  mockAllRequests();
  vi.useFakeTimers({ now: 0 });
  const times: number[] = [];
  const { promise: waits, resolve: begins } = Promise.withResolvers<void>();
  const handler = async () => {
    times.push(Date.now());
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 60_000);
      begins();
    });
    times.push(Date.now());
  };
  const stream = await emu.createStream("orders");
  await using fn = await emu.attachHandler("orders-fn", handler);
  const mapping = await fn.listen(stream);
  await stream.putJson([{ id: 1 }], { partitionKey: "k" });
  await waits;
  await vi.advanceTimersByTimeAsync(60_000);
  await emu.idle();
  expect(times).toEqual([0, 60_000]);
  await expect(mapping).toHaveCaughtUp();
  await expect(fn).toHaveBeenInvoked(1);
});
