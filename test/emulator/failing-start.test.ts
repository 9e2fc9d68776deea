import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateStreamCommand } from "@aws-sdk/client-kinesis";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTestEmulator } from "./emulator.ts";
import { failureOf } from "./failure-of.ts";

let parent: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "failing-start-"));
});

afterEach(() => rm(parent, { recursive: true }));

test("a service that cannot start fails its calls, is tried again, and harms nothing else", async () => {
  const workDirectory = join(parent, "work");
  await writeFile(workDirectory, "a file where the directory should be");
  await using emulator = await startTestEmulator({ workDirectory });
  const { kinesis, lambda } = emulator;
  expect(await failureOf(lambda.send(new ListFunctionsCommand()))).toMatch(
    /^500 ServiceException: LocalEmu can keep no functions under .+work \(EEXIST: .+\)\. Let LOCALEMU_TMPDIR name /,
  );
  await kinesis.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));

  await rm(workDirectory);
  await mkdir(workDirectory);
  expect((await lambda.send(new ListFunctionsCommand())).Functions).toEqual([]);
});

test("a world whose service could not start is reset and ended as any other", async () => {
  const workDirectory = join(parent, "work");
  await writeFile(workDirectory, "a file where the directory should be");
  await using emulator = await startTestEmulator({ workDirectory });
  const world = await emulator.emu.createWorld();
  const failed = { status: 500 };
  await expect(world.control.call("lambda", "ListFunctions")).rejects.toMatchObject(failed);
  await world.reset();
  await expect(world.control.call("lambda", "ListFunctions")).rejects.toMatchObject(failed);
  await emulator.emu.control.deleteWorld(world.world);
  expect((await emulator.emu.control.worlds()).map(({ name }) => name)).toEqual(["default"]);
});
