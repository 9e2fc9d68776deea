import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import { createFunction, invoke } from "../emulator/functions.ts";
import { hasDocker, inspect, testContainer } from "./container.ts";

/** Leads to the engine of this machine, as if it were another machine's. */
class EngineByTcp {
  connections = 0;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  constructor(socketPath: string) {
    this.#server = createServer((client) => {
      this.connections += 1;
      const engine = connect(socketPath);
      for (const [socket, other] of [
        [client, engine],
        [engine, client],
      ] as const) {
        this.#open.add(socket);
        socket.on("error", () => other.destroy());
        socket.on("close", () => this.#open.delete(socket));
        socket.pipe(other);
      }
    });
  }

  async start(): Promise<string> {
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("a TCP server has an address");
    return `tcp://127.0.0.1:${address.port}`;
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }
}

let engine: EngineByTcp;

// Testcontainers asks once, when it is first used: this file has a process of its own.
beforeAll(async () => {
  engine = new EngineByTcp("/var/run/docker.sock");
  vi.stubEnv("DOCKER_HOST", await engine.start());
});

afterAll(() => {
  vi.unstubAllEnvs();
  engine.stop();
});

test.runIf(hasDocker)("an engine elsewhere needs no file of this machine", async () => {
  await using container = await testContainer().start();
  expect(engine.connections).toBeGreaterThan(0);
  expect(container.getEndpoint()).toBe(`http://127.0.0.1:${container.getPort()}`);

  const { lambda } = clientsOf(container.emu);
  await createFunction(lambda, "double", "export const handler = async ({ n }) => n * 2;");
  expect(await invoke(lambda, "double", { n: 21 })).toBe(42);
  const { HostConfig, Mounts } = await inspect(container.getId());
  expect([HostConfig.Binds ?? [], Mounts]).toEqual([[], []]);
});
