import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { CreateStreamCommand } from "@aws-sdk/client-kinesis";
import { CreateQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { ControlClient } from "@localemu/control";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientsAt, startTestEmulator } from "./emulator.ts";
import type { TestEmulator } from "./emulator.ts";
import { createFunction, invoke } from "./functions.ts";

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
});

afterAll(() => emulator[Symbol.asyncDispose]());

/** As a container's published port: on an address of its own, from where it leads to the emulator. */
class Forwarder implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** On 127.0.0.2, so that 127.0.0.1 has the port free, or taken by `taken`. */
  static async start(port: number): Promise<Forwarder> {
    const forwarder: Forwarder = new Forwarder(
      createServer((socket) => {
        const onward = connect(port, "127.0.0.1");
        for (const end of [socket, onward]) {
          forwarder.#sockets.add(end);
          end.on("error", () => end.destroy());
        }
        socket.pipe(onward).pipe(socket);
      }),
    );
    await new Promise<void>((resolve) => forwarder.#server.listen(0, "127.0.0.2", resolve));
    return forwarder;
  }

  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === "object" ? address.port : 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const showsHome = "export const handler = async () => process.env.AWS_ENDPOINT_URL;";
const credentials = { accessKeyId: "test", secretAccessKey: "test" };

test("a port by which the server is reached leads there from beside it, too", async () => {
  await using forwarder = await Forwarder.start(Number(new URL(emulator.emu.endpoint).port));
  const { port } = forwarder;
  const { name } = await emulator.emu.control.createWorld();
  const mapped = `http://127.0.0.2:${port}/_world/${name}`;
  const outside = clientsAt({ endpoint: mapped, credentials });
  const { QueueUrl } = await outside.sqs.send(new CreateQueueCommand({ QueueName: "q" }));
  expect(QueueUrl).toBe(`${mapped}/000000000000/q`);
  await createFunction(outside.lambda, "f", showsHome);

  const home = `http://127.0.0.1:${port}/_world/${name}`;
  expect(await invoke(outside.lambda, "f")).toBe(home);
  const inside = clientsAt({ endpoint: home, credentials });
  await inside.kinesis.send(new CreateStreamCommand({ StreamName: "from-inside", ShardCount: 1 }));
  await inside.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "by the URL of the outside" }));
  const control = new ControlClient(`${emulator.emu.endpoint}/_world/${name}`);
  expect(await control.peek.stream("from-inside")).toMatchObject({ status: "ACTIVE" });
  expect(await control.peek.queue("q")).toMatchObject({ messages: [{ body: "by the URL of the outside" }] });
});

test("where that port is somebody else's, functions come home by the server's own", async () => {
  await using forwarder = await Forwarder.start(Number(new URL(emulator.emu.endpoint).port));
  const { port } = forwarder;
  const somebody = createServer();
  await new Promise<void>((resolve) => somebody.listen(port, "127.0.0.1", resolve));
  const { lambda } = clientsAt({ endpoint: `http://127.0.0.2:${port}`, credentials });
  await createFunction(lambda, "f", showsHome);
  expect(await invoke(lambda, "f")).toBe(emulator.emu.endpoint);
  await new Promise((resolve) => somebody.close(resolve));
});

test("ports that it listens on beside its own are free when it has stopped", async () => {
  await using stopped = await startTestEmulator();
  const forwarder = await Forwarder.start(Number(new URL(stopped.emu.endpoint).port));
  const { port } = forwarder;
  await new ControlClient(`http://127.0.0.2:${port}`).info();
  await new ControlClient(`http://127.0.0.1:${port}`).info();
  await forwarder[Symbol.asyncDispose]();
  await stopped[Symbol.asyncDispose]();
  await expect(new ControlClient(`http://127.0.0.1:${port}`).info()).rejects.toMatchObject({ code: "Unreachable" });
});
