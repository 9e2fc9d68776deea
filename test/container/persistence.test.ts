import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { LocalEmuContainer } from "@localemu/testcontainers";
import type { StartedLocalEmuContainer } from "@localemu/testcontainers";
import { getContainerRuntimeClient } from "testcontainers";
import { expect, inject, onTestFinished, test, vi } from "vitest";
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

test.runIf(hasDocker)("another container finds what is in a named volume", async () => {
  const { container } = await getContainerRuntimeClient();
  const volume = `localemu-test-${process.pid}`;
  vi.stubEnv("LOCALEMU_IMAGE", inject("image"));
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await container.dockerode.getVolume(volume).remove();
  });
  // #region volume
  const first = await new LocalEmuContainer().withPersistence(volume).start(); // a name, such as "orders-state"
  await first.createStream("orders");
  await first.stop();

  await using next = await new LocalEmuContainer().withPersistence(volume).start();
  const orders = next.stream("orders"); // is there
  // #endregion
  expect(await orders.records()).toEqual([]);
});

test.runIf(hasDocker)("the next start of the same one finds what is in a directory of this machine", async () => {
  const directory = await mkdtemp(join(tmpdir(), "localemu-volume-"));
  try {
    // Neither the image's user nor root, where the machine lets us make it somebody else's.
    if (process.getuid?.() === 0) await chown(directory, 4321, 4321);
    const container = testContainer().withPersistence(directory);
    const first = await container.start();
    await first.createStream("orders");
    await putOne(first, "before");
    await first.stop();
    await using next = await container.start();
    expect(await dataOf(next)).toEqual(["before"]);
  } finally {
    await rm(directory, { recursive: true });
  }
});

/** A named volume of the test's own, removed at its end. */
async function newVolume(): Promise<string> {
  const { container } = await getContainerRuntimeClient();
  const volume = await container.dockerode.createVolume();
  onTestFinished(() => volume.remove());
  return volume.name;
}

const dataDirectory = "/var/lib/localemu";

test.runIf(hasDocker)("PERSISTENCE=1 means the volume at /var/lib/localemu", async () => {
  const source = await newVolume();
  const start = () =>
    testContainer()
      .withEnvironment({ PERSISTENCE: "1" })
      .withBindMounts([{ source, target: dataDirectory }])
      .start();
  const first = await start();
  await first.createStream("orders");
  await putOne(first, "before");
  await first.stop();
  await using next = await start();
  expect(await dataOf(next)).toEqual(["before"]);
});

test.runIf(hasDocker)(
  "a volume that cannot be written is refused in one line, with a file in it or without",
  async () => {
    const { container } = await getContainerRuntimeClient();
    const source = await newVolume();
    const startReadOnly = async () => {
      const output = new PassThrough();
      const [{ StatusCode }, ended] = await container.dockerode.run(inject("image"), [], output, {
        Env: ["PERSISTENCE=1"],
        HostConfig: { Binds: [`${source}:${dataDirectory}:ro`] },
        Tty: true,
      });
      await ended.remove();
      return { StatusCode, output: String(output.read()) };
    };
    const refused = {
      StatusCode: 4,
      output: expect.stringMatching(/^localemu: the data directory \/var\/lib\/localemu cannot be used: .+\r?\n$/),
    };
    expect(await startReadOnly()).toEqual(refused);
    const writing = await testContainer()
      .withEnvironment({ PERSISTENCE: "1" })
      .withBindMounts([{ source, target: dataDirectory }])
      .start();
    await writing.createStream("orders");
    await writing.stop();
    expect(await startReadOnly()).toEqual(refused);
  },
);
