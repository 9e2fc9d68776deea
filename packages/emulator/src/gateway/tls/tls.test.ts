import { once } from "node:events";
import net from "node:net";
import tlsModule from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { randomIds } from "../../core/ids.ts";
import { createTls } from "./tls.ts";

/** A server whose TLS side echoes, with what tells of the connections that it has. */
async function echoServer(handshakeTimeoutMs?: number) {
  const tls = createTls({
    ids: randomIds(),
    now: () => Date.now(),
    hosts: ["[fd00::1]", "Host.Test", "0.0.0.0", "not a name"],
    onSecure: (socket) => socket.pipe(socket),
    ...(handshakeTimeoutMs === undefined ? {} : { handshakeTimeoutMs }),
  });
  const server = net.createServer((socket) => {
    socket.on("error", () => {});
    tls.accept(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { server, port, ca: tls.caPem };
}

test("gives the plain side of a connection", async () => {
  const { port, ca } = await echoServer();
  const socket = tlsModule.connect({ port, host: "127.0.0.1", ca });
  socket.end("hello");
  const [chunk] = await once(socket, "data");
  expect(String(chunk)).toBe("hello");
});

test("the usual certificate has the hosts that the options name, as they are spelled in certificates", async () => {
  const { port, ca } = await echoServer();
  const socket = tlsModule.connect({ port, host: "127.0.0.1", ca });
  await once(socket, "secureConnect");
  const certificate = socket.getPeerX509Certificate();
  for (const address of ["127.0.0.1", "::1", "fd00::1", "0.0.0.0"]) expect(certificate?.checkIP(address)).toBe(address);
  expect(certificate?.checkHost("host.test")).toBe("host.test");
  expect(certificate?.subjectAltName).not.toContain("not a name");
  socket.destroy();
});

test("cuts a client that stops during the handshake, and keeps nothing of it", async () => {
  const { server, port } = await echoServer(50);
  const socket = net.connect(port, "127.0.0.1");
  socket.write(Buffer.from([0x16, 3, 1, 2, 0, 1]));
  await once(socket.resume(), "close");
  const connections = await new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
  expect(connections).toBe(0);
});
