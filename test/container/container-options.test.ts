import { createServer } from "node:net";
import { PutRecordCommand } from "@aws-sdk/client-kinesis";
import { getContainerRuntimeClient } from "testcontainers";
import { expect, inject, test } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import { hasDocker, testContainer } from "./container.ts";

const refused = { error: "ProvisionedThroughputExceededException", times: 1 };

test.runIf(hasDocker)("a fault is there from the start, and again after a restart", async () => {
  await using container = await testContainer().withFault("kinesis:PutRecord", refused).start();
  await container.createStream("orders");
  const { kinesis } = clientsOf(container.emu, { maxAttempts: 1 });
  const put = new PutRecordCommand({ StreamName: "orders", PartitionKey: "k", Data: Buffer.from("1") });
  await expect(kinesis.send(put)).rejects.toMatchObject({ name: "ProvisionedThroughputExceededException" });
  await kinesis.send(put);

  await container.restart();
  expect(await container.faults.list()).toMatchObject([{ operation: "kinesis:PutRecord", met: 0, ...refused }]);
});

test.runIf(hasDocker)("a fault that cannot be ends the start, and leaves no container", async () => {
  const start = testContainer().withFault("kinesis:PutRecordz", {}).start();
  await expect(start).rejects.toThrow("PutRecordz");
  const { container } = await getContainerRuntimeClient();
  expect(await container.dockerode.listContainers({ all: true, filters: { ancestor: [inject("image")] } })).toEqual([]);
});

test.runIf(hasDocker)(
  "a container that cannot be started, or that would stay when it is stopped, is not left",
  async () => {
    const { container } = await getContainerRuntimeClient();
    const left = () => container.dockerode.listContainers({ all: true, filters: { ancestor: [inject("image")] } });
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "0.0.0.0", resolve));
    const address = taken.address();
    const host = typeof address === "object" && address !== null ? address.port : 0;
    await expect(testContainer().withExposedPorts({ container: 4566, host }).start()).rejects.toThrow(
      /address already in use/,
    );
    taken.close();
    expect(await left()).toEqual([]);
    await expect(testContainer().withAutoRemove(false).withFault("kinesis:PutRecordz", {}).start()).rejects.toThrow(
      "PutRecordz",
    );
    expect(await left()).toEqual([]);
  },
);

test.runIf(hasDocker)("it is well beside what Kubernetes sets for a service of its name", async () => {
  const LOCALEMU_PORT = "tcp://10.0.0.1:4566";
  await using container = await testContainer().withEnvironment({ LOCALEMU_PORT }).start();
  expect(await container.exec(["node", "/opt/localemu/health-check.mjs"])).toMatchObject({ exitCode: 0, output: "" });
});

test.runIf(hasDocker)("a log consumer gets what the emulator writes", async () => {
  const lines: string[] = [];
  await using _container = await testContainer()
    .withLogConsumer((stream) => stream.on("data", (line: string) => lines.push(line)))
    .start();
  await expect.poll(() => lines.join("")).toContain("Ready.");
});

test.runIf(hasDocker)("stop ends attached handlers and worlds before the container", async () => {
  await using container = await testContainer().start();
  const world = await container.createWorld();
  const handlers = [
    await container.attachHandler("orders", () => "default"),
    await world.attachHandler("orders", () => "world"),
  ];
  expect(await handlers[0]?.invoke()).toMatchObject({ payload: "default" });
  await container.stop();

  // What polled when the container went would tell here that its connection broke.
  for (const handler of handlers) await handler.detach();
  await world.close();
});
