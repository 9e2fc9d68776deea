import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { HttpServers } from "./http-servers.ts";

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
/** Without an error: the client makes no more requests. */
const goAway = Buffer.from([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

test("an HTTP/2 connection goes although its client never closes it, once it is closed here", async () => {
  const servers = new HttpServers(() => {}, { halfClosedMs: 1 });
  await using server = createServer((socket) => servers.serve(socket, true)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("it listens nowhere");
  const connected = once(server, "connection");
  const client = connect({ port: address.port, host: "127.0.0.1", allowHalfOpen: true });
  try {
    const [accepted]: Socket[] = await connected;
    if (accepted === undefined) throw new Error("nobody connected");
    const closed = once(accepted, "close");
    client.resume();
    client.write(Buffer.concat([preface, settings, goAway]));
    await once(client, "end");
    await closed;
    expect(client.writable).toBe(true);
  } finally {
    client.destroy();
  }
});
