import { expect, test } from "vitest";
import { fakeHostTime } from "../../../core/fake-host-time.ts";
import { ResponseChannel } from "./response-channel.ts";

const unlimited = { maxBytes: Number.MAX_SAFE_INTEGER, bytesPerSecond: 0 };
const chunk = (kib: number): Uint8Array => Buffer.alloc(kib * 1024);

/** Whether the writer may go on. */
function watched(written: Promise<void> | undefined): { readonly free: () => Promise<boolean> } {
  let free = written === undefined;
  void written?.then(() => (free = true));
  return {
    async free() {
      await Promise.resolve();
      return free;
    },
  };
}

test("the writer goes on at once until 64 KiB wait, and then when they were read", async () => {
  const channel = new ResponseChannel(fakeHostTime(), unlimited);
  expect(channel.write(chunk(63))).toBeUndefined();
  const held = watched(channel.write(chunk(1)));
  expect(await held.free()).toBe(false);
  expect((await channel.read())?.byteLength).toBe(63 * 1024);
  expect(await held.free()).toBe(true);
});

test("a reader gets each chunk as it comes, what was written before the end, and then nothing", async () => {
  const channel = new ResponseChannel(fakeHostTime(), unlimited);
  const first = channel.read();
  void channel.write(Buffer.from("a"));
  expect(await first).toEqual(Buffer.from("a"));
  void channel.write(Buffer.from("b"));
  channel.end();
  expect(await channel.read()).toEqual(Buffer.from("b"));
  expect(await channel.read()).toBeUndefined();
  expect(channel.write(chunk(100))).toBeUndefined();
  expect(await channel.read()).toBeUndefined();
});

test("a reader that leaves lets the writer go on, and wakes up itself", async () => {
  const channel = new ResponseChannel(fakeHostTime(), unlimited);
  const held = watched(channel.write(chunk(100)));
  channel.leave();
  expect(await held.free()).toBe(true);
  expect(channel.write(chunk(100))).toBeUndefined();
  expect(await channel.read()).toBeUndefined();
  const waiting = new ResponseChannel(fakeHostTime(), unlimited);
  const read = waiting.read();
  waiting.leave();
  expect(await read).toBeUndefined();
});

test("with a pace, the first 6 MiB come at once and the rest as fast as it says", async () => {
  const host = fakeHostTime();
  const channel = new ResponseChannel(host, { ...unlimited, bytesPerSecond: 2 * 1024 * 1024 });
  const write = async (mib: number) => {
    const held = watched(channel.write(chunk(mib * 1024)));
    await channel.read();
    return held;
  };
  expect(await (await write(6)).free()).toBe(true);
  const third = await write(1);
  host.pass(499);
  expect(await third.free()).toBe(false);
  host.pass(1);
  expect(await third.free()).toBe(true);
  const late = await write(1);
  channel.leave();
  expect(await late.free()).toBe(true);
  expect(host.timers).toBe(0);
});
