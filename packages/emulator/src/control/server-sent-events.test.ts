import { once } from "node:events";
import { createServer, get } from "node:http";
import { expect, test } from "vitest";
import { openEventStream } from "./server-sent-events.ts";
import type { EventStream } from "./server-sent-events.ts";

test("a follower that does not read is cut off before its backlog grows without bound", async () => {
  const opened = Promise.withResolvers<EventStream>();
  const closed = Promise.withResolvers<void>();
  const server = createServer((_, response) => opened.resolve(openEventStream(response, closed.resolve)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const request = get({ host: "127.0.0.1", port });
  const stream = await opened.promise;
  const event = "x".repeat(1024 * 1024);
  for (let megabytes = 0; megabytes < 64; megabytes++) stream.send(event);
  await expect(closed.promise).resolves.toBeUndefined();
  request.on("error", () => {}).destroy();
  server.close();
});
