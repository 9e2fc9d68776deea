import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StartedLocalEmuContainer } from "@localemu/testcontainers";
import { getContainerRuntimeClient } from "testcontainers";
import { expect, test } from "vitest";
import { hasDocker, testContainer } from "./container.ts";

async function putOne(container: StartedLocalEmuContainer, data: string): Promise<void> {
  await container.stream("orders").put(data, { partitionKey: "k" });
}

async function dataOf(container: StartedLocalEmuContainer): Promise<unknown[]> {
  return (await container.stream("orders").records()).map(({ data }) => data);
}

test.runIf(hasDocker)("a container that is restarted goes on from where it was", async () => {
  await using container = await testContainer().withPersistence().start();
  await container.createStream("orders");
  await putOne(container, "before");
  await container.restart();
  await putOne(container, "after");
  expect(await dataOf(container)).toEqual(["before", "after"]);
});

/** Puts a record into a container, ends it, and looks for the record in the next one with the same source. */
async function acrossContainers(source: string): Promise<void> {
  const first = await testContainer().withPersistence(source).start();
  await first.createStream("orders");
  await putOne(first, "before");
  // At once, as Testcontainers does.
  await first.stop();
  await using next = await testContainer().withPersistence(source).start();
  expect(await dataOf(next)).toEqual(["before"]);
}

test.runIf(hasDocker)("another container finds what is in a named volume", async () => {
  const { container } = await getContainerRuntimeClient();
  const name = `localemu-test-${process.pid}`;
  try {
    await acrossContainers(name);
  } finally {
    await container.dockerode.getVolume(name).remove();
  }
});

test.runIf(hasDocker)("another container finds what is in a directory of this machine", async () => {
  const directory = await mkdtemp(join(tmpdir(), "localemu-volume-"));
  try {
    await acrossContainers(join(directory, "made"));
  } finally {
    await rm(directory, { recursive: true });
  }
});
