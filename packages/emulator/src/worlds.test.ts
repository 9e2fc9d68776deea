import { expect, test } from "vitest";
import { fakeHostTime } from "./core/fake-host-time.ts";
import { randomIds } from "./core/ids.ts";
import { createLog } from "./core/log.ts";
import { Observer } from "./observer.ts";
import { settle } from "./options.ts";
import type { ServerResources } from "./world-services.ts";
import { World } from "./world.ts";
import { WorldError } from "./world-error.ts";
import { Worlds } from "./worlds.ts";

const call = {
  region: "us-east-1",
  accountId: "000000000000",
  requestId: "r",
  accessKeyId: "test",
  origin: "http://127.0.0.1",
  signal: new AbortController().signal,
};

const nowhere: ServerResources["workDirectory"] = () => Promise.reject(new Error("nothing runs here"));

function worldsUnderTest(workDirectory = nowhere) {
  const host = fakeHostTime();
  const ids = randomIds();
  const settings = settle({});
  const log = createLog({ level: "off", format: "text", now: () => 0, write: () => {} });
  const observer = new Observer(log, host);
  const resources = {
    workDirectory,
    reachOn: async () => 0,
    users: undefined,
    homeOf: (origin: string) => origin,
    onKill: () => () => {},
  };
  const worlds = new Worlds(
    (name, credentials, issued) => new World({ name, credentials, issued, settings, host, ids, resources, observer }),
    host,
    ids,
  );
  return { host, worlds };
}

test("a leased world that nobody holds is disposed 10 s after it was made", () => {
  const { host, worlds } = worldsUnderTest();
  const { credentials } = worlds.create({ name: "leased", lease: true });
  host.pass(9_999);
  expect(worlds.find("leased")).toBe(worlds.byAccessKey(credentials.accessKeyId));
  host.pass(1);
  expect(worlds.find("leased")).toBeUndefined();
  expect(worlds.byAccessKey(credentials.accessKeyId)).toBeUndefined();
});

test("holders keep a leased world until 10 s after the last of them left", () => {
  const { host, worlds } = worldsUnderTest();
  worlds.create({ name: "leased", lease: true });
  const [first, second] = [worlds.hold("leased"), worlds.hold("leased")];
  host.pass(60_000);
  first();
  first();
  host.pass(60_000);
  expect(worlds.names).toContain("leased");
  second();
  host.pass(9_999);
  const third = worlds.hold("leased");
  host.pass(60_000);
  expect(worlds.names).toContain("leased");
  third();
  host.pass(10_000);
  expect(worlds.names).toEqual(["default"]);
});

test("a world without a lease stays, and its end is not that of the next of its name", async () => {
  const { host, worlds } = worldsUnderTest();
  worlds.create({ name: "mine" });
  host.pass(3_600_000);
  expect(worlds.names).toContain("mine");
  await worlds.delete("mine");
  worlds.create({ name: "mine", lease: true });
  const leave = worlds.hold("mine");
  await worlds.delete("mine");
  const next = worlds.create({ name: "mine" });
  leave();
  host.pass(60_000);
  expect(worlds.find("mine")).toBe(next);
});

test("100 worlds with streams leave no timer behind", async () => {
  const { host, worlds } = worldsUnderTest();
  const made = Array.from({ length: 100 }, () => worlds.create({ lease: true }));
  for (const { services } of made) {
    const { operations } = await services.kinesis();
    await operations.CreateStream({ StreamName: "orders", ShardCount: 1 }, call);
    await operations.PutRecord({ StreamName: "orders", PartitionKey: "k", Data: Buffer.from("x") }, call);
  }
  expect(host.timers).toBeGreaterThanOrEqual(100);
  await Promise.all(made.map(({ name }) => worlds.delete(name)));
  expect(host.timers).toBe(0);
  expect(worlds.names).toEqual(["default"]);
});

test.for([
  ["deleted", (worlds: Worlds) => worlds.delete("mine")],
  ["reset", (worlds: Worlds) => worlds.get("mine").reset()],
] as const)("no service begins for a request whose world was %s meanwhile", async ([, end]) => {
  const { worlds } = worldsUnderTest(() => Promise.resolve({ path: "/unused", remove: () => Promise.resolve() }));
  const { services } = worlds.create({ name: "mine" });
  await end(worlds);
  await expect(services.lambda()).rejects.toThrow("deleted or reset");
  await expect(services.operations("kinesis")).rejects.toThrow("deleted or reset");
});

test("after a reset a world knows its own key alone, and takes nobody else's for the account", async () => {
  const { worlds } = worldsUnderTest();
  const world = worlds.create({ name: "mine" });
  const { accessKeyId: own } = world.credentials;
  const assumeRole = async (): Promise<string> => {
    const { AssumeRole } = (await world.services.identity()).operations;
    const role = { RoleArn: "arn:aws:iam::000000000000:role/worker", RoleSessionName: "session" };
    const { Credentials } = await AssumeRole(role, { ...call, accessKeyId: own });
    return Credentials?.AccessKeyId ?? "";
  };
  const key = await assumeRole();
  expect(worlds.byAccessKey(key)).toBe(world);
  expect(world.services.caller(key)).toMatchObject({ roleArn: "arn:aws:iam::000000000000:role/worker" });
  await world.reset();
  expect([worlds.byAccessKey(key), worlds.secretOf(key)]).toEqual([undefined, undefined]);
  expect(worlds.byAccessKey(own)).toBe(world);
  expect([key, own, "test"].map((each) => world.services.caller(each))).toEqual([undefined, "account", "account"]);
  expect(worlds.byAccessKey(await assumeRole())).toBe(world);
});

test("a world that was deleted is not reset: nobody would end what begins in it", async () => {
  const { worlds } = worldsUnderTest(() => Promise.resolve({ path: "/unused", remove: () => Promise.resolve() }));
  const world = worlds.create({ name: "mine" });
  await worlds.delete("mine");
  await expect(world.reset()).rejects.toThrow(WorldError);
  await expect(world.services.lambda()).rejects.toThrow("deleted or reset");
});

test("the end of a world waits for that of what a reset ended", async () => {
  const removal = Promise.withResolvers<void>();
  let removed = false;
  const remove = () => removal.promise.then(() => void (removed = true));
  const { worlds } = worldsUnderTest(() => Promise.resolve({ path: "/unused", remove }));
  const world = worlds.create({ name: "mine" });
  await world.services.lambda();
  const reset = world.reset();
  setImmediate(() => setImmediate(removal.resolve));
  await worlds.delete("mine");
  expect(removed).toBe(true);
  await reset;
});

test("a world that cannot be ended in full leaves no timer all the same", async () => {
  const remove = () => Promise.reject(new Error("EACCES: permission denied"));
  const { host, worlds } = worldsUnderTest(() => Promise.resolve({ path: "/unused", remove }));
  const { clock, services } = worlds.create({ name: "mine" });
  await services.lambda();
  clock.schedule(60_000, { kind: "housekeeping", label: "retention" }, () => {});
  await expect(worlds.delete("mine")).rejects.toThrow("EACCES");
  expect(host.timers).toBe(0);
});

test("no world begins once the server has begun to end", async () => {
  const { host, worlds } = worldsUnderTest();
  const closed = worlds.close();
  expect(() => worlds.create({ name: "late", lease: true })).toThrow(
    expect.objectContaining({ code: "ServerClosing", message: "LocalEmu is shutting down and makes no more worlds" }),
  );
  await closed;
  expect(worlds.names).toEqual([]);
  expect(host.timers).toBe(0);
});

test.each([
  ["InvalidWorldName", (worlds: Worlds) => worlds.create({ name: "No" })],
  ["WorldExists", (worlds: Worlds) => worlds.create({ name: "default" })],
  ["UnknownWorld", (worlds: Worlds) => worlds.get("gone")],
  ["NotLeased", (worlds: Worlds) => worlds.hold("default")],
])("%s", (code, act) => {
  const { worlds } = worldsUnderTest();
  expect(() => act(worlds)).toThrow(WorldError);
  expect(() => act(worlds)).toThrow(expect.objectContaining({ code }));
});
