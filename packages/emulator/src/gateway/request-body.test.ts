import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { bodyChunks, ClientGoneError, readBody } from "./request-body.ts";

/** A request of which a part is there and whose client has gone before anybody reads it. */
async function abandoned(): Promise<IncomingMessage> {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const address = server.address();
  const client = connect(typeof address === "object" && address !== null ? address.port : 0, "127.0.0.1");
  client.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
  const [request]: IncomingMessage[] = await once(server, "request");
  if (request === undefined) throw new Error("no request came");
  const gone = new Promise<void>((resolve) => request.socket.once("close", () => resolve()));
  client.destroy();
  await gone;
  return request;
}

test("a body whose client had gone before it was asked for is not waited for", async () => {
  await expect(readBody(await abandoned(), 100)).rejects.toThrow(ClientGoneError);
});

test("chunks of a body whose client had gone before they were asked for are none", async () => {
  await expect(bodyChunks(await abandoned()).next()).rejects.toThrow(ClientGoneError);
});
