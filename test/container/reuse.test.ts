import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { StartedLocalEmuContainer } from "@localemu/testcontainers";
import { expect, inject, test } from "vitest";
import { hasDocker, testContainer } from "./container.ts";

const script = `
  import { LocalEmuContainer } from "@localemu/testcontainers";
  const fault = { error: "ProvisionedThroughputExceededException" };
  const container = await new LocalEmuContainer(process.env.LOCALEMU_IMAGE)
    .withRegion("eu-west-1").withFault("kinesis:PutRecord", fault).withReuse().start();
  await container.createQueue("left-over");
  console.log(container.getId());
  await container.emu.close();`;

/** The container of a test run before this one. */
async function startElsewhere(): Promise<string> {
  const env = { ...process.env, LOCALEMU_IMAGE: inject("image") };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { env });
  return stdout.trim();
}

function startHere(): Promise<StartedLocalEmuContainer> {
  return testContainer().withRegion("eu-west-1").withReuse().start();
}

test.runIf(hasDocker)("a container is found again by another process, and is empty after a reset", async () => {
  const id = await startElsewhere();
  await using container = await startHere();
  expect(container.getId()).toBe(id);
  expect(await container.queue("left-over").messages()).toEqual([]);
  expect(await container.faults.list()).toEqual([]);

  await container.reset();
  await expect(container.queue("left-over").messages()).rejects.toThrow("left-over");
});
