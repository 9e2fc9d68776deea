import "@localemu/vitest/extend";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { LocalEmu } from "@localemu/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientsOf, startTestEmulator } from "./emulator.ts";
import type { TestEmulator } from "./emulator.ts";
import { createFunction, invoke } from "./functions.ts";

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
});

afterAll(() => emulator[Symbol.asyncDispose]());

async function twoWorlds() {
  const full = await emulator.emu.createWorld();
  const other = await emulator.emu.createWorld();
  return { full, other, [Symbol.asyncDispose]: async () => void (await Promise.all([full.close(), other.close()])) };
}

/** What the control API shows of things of a name. */
async function peekAll({ control }: LocalEmu): Promise<readonly string[]> {
  const kinds = ["stream", "queue", "topic", "bucket", "function"] as const;
  const found = await Promise.all(
    kinds.map((kind) =>
      control.peek[kind]("same").then(
        () => "found",
        (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : "failed"),
      ),
    ),
  );
  return found;
}

test("what one world has, another does not show", async () => {
  await using worlds = await twoWorlds();
  const { full, other } = worlds;
  const stream = await full.createStream("same");
  await full.createQueue("same");
  await full.createTopic("same");
  await full.createBucket("same");
  await createFunction(clientsOf(full).lambda, "same", "export const handler = () => Promise.resolve();");
  const mapping = await full.function("same").listen(stream);
  await full.faults.add({ operation: "kinesis:*", error: "InternalFailureException", times: 1 });

  expect(await peekAll(full)).toEqual(["found", "found", "found", "found", "found"]);
  expect(await peekAll(other)).toEqual(["NotFound", "NotFound", "NotFound", "NotFound", "NotFound"]);
  expect(await other.mappings()).toEqual([]);
  expect(await other.control.peek.functions()).toEqual([]);
  await expect(other.mapping(mapping.uuid).peek()).rejects.toMatchObject({ code: "NotFound" });
  expect(await other.faults.list()).toEqual([]);
  expect(await other.timeline()).toEqual([]);
  await expect(other.createStream("mine")).resolves.toBeDefined();
});

test("a message reaches the queue of its own world, though the ARNs are the same", async () => {
  await using worlds = await twoWorlds();
  for (const world of [worlds.full, worlds.other]) {
    const queue = await world.createQueue("same");
    const topic = await world.createTopic("same");
    await topic.subscribe(queue, { raw: true });
  }
  await worlds.full.topic("same").publish("hello");
  await expect(worlds.full.queue("same")).toHaveMessages(["hello"]);
  await expect(worlds.other.queue("same")).toBeEmpty();
});

test("functions of one name have their own world's environment, code and log", async () => {
  await using worlds = await twoWorlds();
  const [full, other] = [clientsOf(worlds.full), clientsOf(worlds.other)];
  const code = (answer: string) =>
    `export const handler = () => { console.log("${answer}"); return Promise.resolve({ ...process.env, answer: "${answer}" }); };`;
  await createFunction(full.lambda, "same", code("full"), { Environment: { Variables: { SECRET: "of full" } } });
  await createFunction(other.lambda, "same", code("other"));
  const [inFull, inOther] = [await invoke(full.lambda, "same"), await invoke(other.lambda, "same")];

  expect(inFull).toMatchObject({ answer: "full", SECRET: "of full", AWS_ENDPOINT_URL: worlds.full.endpoint });
  expect(inOther).toMatchObject({ answer: "other", AWS_ENDPOINT_URL: worlds.other.endpoint });
  const text = JSON.stringify(inOther);
  expect(text).not.toContain("of full");
  expect(text).not.toContain(worlds.full.world);
  expect(accessKeyOf(inFull)).not.toBe(accessKeyOf(inOther));
  const logged = await other.logs.send(new FilterLogEventsCommand({ logGroupName: "/aws/lambda/same" }));
  expect(logged.events?.map(({ message }) => message).join("")).toMatch(/\bother\b/);
  expect(logged.events?.map(({ message }) => message).join("")).not.toMatch(/\bfull\b/);
  expect(await worlds.other.function("same").invocations()).toHaveLength(1);
});

test("a clock that is moved, and work that waits for it, are one world's", async () => {
  await using worlds = await twoWorlds();
  const { full, other } = worlds;
  for (const world of [full, other]) {
    await world.clock.freeze();
    await createFunction(clientsOf(world).lambda, "f", "export const handler = () => Promise.reject(new Error('no'));");
    const stream = await world.createStream("same");
    await world.function("f").listen(stream, { maxRetries: 1 });
    await stream.putJson([1], { partitionKey: "k" });
    expect(await world.idle()).toMatchObject({ state: "sleeping" });
  }
  await full.clock.advance(60_000);
  await expect(full.function("f")).toHaveBeenInvoked(2);
  await expect(other.function("f")).toHaveBeenInvoked(1);
  expect(await full.idle()).toEqual({ state: "idle" });
  expect(await other.idle()).toMatchObject({ state: "sleeping" });
});

test("a world of the name of one that was deleted has nothing of it, nor do its credentials lead there", async () => {
  const before = await emulator.emu.createWorld("again");
  await before.createStream("same");
  const { accessKeyId } = before.getClientConfig().credentials;
  await before.close();
  await using again = await emulator.emu.createWorld("again");
  expect(again.getClientConfig().credentials.accessKeyId).not.toBe(accessKeyId);
  await expect(again.stream("same").records()).rejects.toMatchObject({ code: "NotFound" });
  expect(await again.timeline()).toEqual([]);
});

function accessKeyOf(environment: unknown): unknown {
  return typeof environment === "object" && environment !== null && "AWS_ACCESS_KEY_ID" in environment
    ? environment.AWS_ACCESS_KEY_ID
    : undefined;
}
