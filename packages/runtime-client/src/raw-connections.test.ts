import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { RawConnections } from "./raw-connections.ts";

const disposals: (() => void)[] = [];

afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose();
});

async function connectTo(server: Server): Promise<RawConnections> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const connections = new RawConnections("127.0.0.1", typeof address === "object" ? (address?.port ?? 0) : 0);
  disposals.push(() => {
    connections.close();
    server.close();
  });
  return connections;
}

const get = { method: "GET", path: "/next", headers: {}, body: undefined };

test("a request has its headers and body, and connections are kept", async () => {
  const seen: unknown[] = [];
  const ports = new Set<unknown>();
  const server = createServer((request, response) => {
    ports.add(request.socket.remotePort);
    void echo(request, response, seen);
  });
  const connections = await connectTo(server);
  for (const body of ["one", "zwei ä", "x".repeat(300_000)]) {
    const bytes = Buffer.from(body);
    const headers = { "content-length": bytes.byteLength, "x-raw": Buffer.from("ä").toString("latin1") };
    const reply = await connections.exchange({ method: "POST", path: "/response", headers, body: bytes });
    expect([reply.status, reply.body.toString()]).toEqual([201, body]);
  }
  expect(seen).toEqual(Array.from({ length: 3 }, () => ["POST", "/response", Buffer.from("ä").toString("latin1")]));
  expect(ports.size).toBe(1);
});

async function echo(request: IncomingMessage, response: ServerResponse, seen: unknown[]): Promise<void> {
  const { method, url, headers } = request;
  seen.push([method, url, headers["x-raw"]]);
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  // Node.js sends what it does not know the length of in chunks.
  response.writeHead(201);
  response.write(Buffer.concat(chunks));
  response.end();
}

test("exchanges at the same time have connections of their own", async () => {
  const waiting: ServerResponse[] = [];
  const connections = await connectTo(
    createServer((_, response) => {
      waiting.push(response);
      if (waiting.length === 2) for (const each of waiting) each.end("done");
    }),
  );
  const replies = await Promise.all([connections.exchange(get), connections.exchange(get)]);
  expect(replies.map(({ body }) => body.toString())).toEqual(["done", "done"]);
});

test("a connection that breaks fails its exchange, and the next has another", async () => {
  let connected = 0;
  const connections = await connectTo(
    createTcpServer((socket: Socket) => {
      connected++;
      socket.on("data", () =>
        connected === 1 ? socket.end("HTTP/1.1 20") : socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      );
    }),
  );
  await expect(connections.exchange(get)).rejects.toThrow("The connection to the Runtime API broke");
  expect((await connections.exchange(get)).body.toString()).toBe("ok");
});

test("a connection that the other side closes after its reply is not used again", async () => {
  let connected = 0;
  const connections = await connectTo(
    createTcpServer((socket: Socket) => {
      connected++;
      socket.on("data", () => socket.end("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"));
    }),
  );
  for (const count of [1, 2]) {
    expect((await connections.exchange(get)).body.toString()).toBe("ok");
    expect(connected).toBe(count);
  }
});

test("what is no HTTP fails the exchange", async () => {
  const connections = await connectTo(createTcpServer((socket: Socket) => void socket.end("hello\r\n\r\n")));
  await expect(connections.exchange(get)).rejects.toThrow("does not speak HTTP: hello");
});

test("closing fails what is under way", async () => {
  const arrived = Promise.withResolvers<void>();
  const connections = await connectTo(createServer(() => arrived.resolve()));
  const polling = connections.exchange(get);
  await arrived.promise;
  connections.close();
  await expect(polling).rejects.toThrow("The connection to the Runtime API broke");
});

test("a header cannot end early", async () => {
  const connections = new RawConnections("127.0.0.1", 1);
  const headers = { "x-cause": "a\r\nb: c" };
  await expect(connections.exchange({ ...get, headers })).rejects.toThrow("Invalid character in header x-cause");
});
