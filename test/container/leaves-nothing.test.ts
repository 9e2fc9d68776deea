import { existsSync, readFileSync } from "node:fs";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { Network, getContainerRuntimeClient } from "testcontainers";
import { expect, test } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import { createFunction, invoke, processFunction } from "../emulator/functions.ts";
import { hasDocker, inspect, testContainer } from "./container.ts";

/** More of them in CI, where a leak may take its time. */
const starts = Number(process.env["LOCALEMU_CONTAINER_STARTS"] ?? 3);

test.runIf(hasDocker)(
  `${starts} starts and stops leave no container, network or process`,
  { timeout: 240_000 },
  async () => {
    const { container: containers, network: networks } = await getContainerRuntimeClient();
    for (let index = 0; index < starts; index += 1) {
      const { id, pid, networkId } = await startAndStop();
      const left = await containers.dockerode.listContainers({ all: true, filters: { id: [id] } });
      expect(left).toEqual([]);
      await expect(networks.getById(networkId).inspect()).rejects.toMatchObject({ statusCode: 404 });
      expect(commandOf(pid)).not.toContain("emulator/dist/main.js");
    }
  },
);

test.runIf(hasDocker)("what functions leave behind when they are ended is gone as well", async () => {
  await using container = await testContainer().start();
  const { lambda, logs } = clientsOf(container.emu);
  const leaver = `import { spawn } from "node:child_process";
    export const handler = async () => {
      spawn("sleep", ["1001"], { stdio: "ignore" });
      spawn("sleep", ["1002"], { stdio: "ignore", detached: true });
      console.log("left");
      await new Promise(() => setInterval(() => {}, 1000));
    };`;
  await createFunction(lambda, "leaver", leaver, { Timeout: 1 });
  expect(await invoke(lambda, "leaver")).toMatchObject({ errorType: "Sandbox.Timedout" });
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: "/aws/lambda/leaver" }));
  expect(events.map(({ message }) => message)).toContainEqual(expect.stringMatching(/\tleft\n$/));
  // Zombies have no command line, but a name.
  const names = async () => (await container.exec(["sh", "-c", "cat /proc/[0-9]*/comm"])).output;
  await expect.poll(names, { timeout: 10_000 }).not.toContain("sleep");
});

/** A whole life of a container that has run a function. */
async function startAndStop(): Promise<{ id: string; pid: number; networkId: string }> {
  await using network = await new Network().start();
  await using container = await testContainer().withNetwork(network).withNetworkAliases("aws").start();
  const { lambda } = clientsOf(container.emu);
  await createFunction(lambda, "f", processFunction);
  await invoke(lambda, "f");
  const { State } = await inspect(container.getId());
  return { id: container.getId(), pid: State.Pid, networkId: network.getId() };
}

/** A process's command line, where the engine runs on this machine and the process is still there. */
function commandOf(pid: number): string {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
