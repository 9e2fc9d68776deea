import { createServer, type Server, type ServerResponse } from "node:http";
import { createServer as createTcpServer, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hostTime } from "../host-time.ts";
import { Subscriber } from "./subscriber.ts";

let server: Server;
let port: number;
let batches: string[];
let held: ServerResponse[];
let hold: boolean;
let status: number;
let timers: (() => void)[];
let dropped: unknown[];
let onBatch: () => void;

beforeEach(async () => {
  [batches, held, timers, dropped, hold, status, onBatch] = [[], [], [], [], false, 200, () => undefined];
  server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      batches.push(text);
      if (hold) {
        held.push(response);
      } else {
        response.writeHead(status).end();
      }
      onBatch();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function subscriber(maxItems: number, protocol: "HTTP" | "TCP" = "HTTP"): Subscriber {
  const buffering = { maxItems, maxBytes: 100, timeoutMs: 25 };
  const time = {
    ...hostTime,
    setTimeout: (fire: () => void) => {
      timers.push(fire);
      return () => timers.splice(timers.indexOf(fire), 1);
    },
  };
  const destination = { protocol, host: "127.0.0.1", port, path: "/" };
  return new Subscriber({ schemaVersion: "2022-12-13", types: ["platform"], destination, buffering }, time, (...what) =>
    dropped.push(what),
  );
}

test("a batch is sent when it has enough events, enough bytes, or waited long enough, in order", async () => {
  const one = subscriber(2);
  one.add("1");
  expect(timers).toHaveLength(1);
  one.add("2");
  expect(timers).toHaveLength(0);
  one.add(`"${"x".repeat(100)}"`);
  one.add("3");
  timers[0]?.();
  await one.flush();
  expect(batches).toEqual(["[1,2]", `["${"x".repeat(100)}"]`, "[3]"]);
  expect(dropped).toEqual([]);
});

test("what the receiver does not take is dropped, and told", async () => {
  status = 500;
  const one = subscriber(1);
  one.add("1");
  await one.flush();
  expect(dropped).toEqual([[1, 1, "could not send events: status 500"]]);
});

test("a receiver that is too slow loses what comes when 16 batches wait", async () => {
  hold = true;
  const one = subscriber(1);
  for (let n = 0; n < 17; n += 1) one.add(String(n));
  const slow = "Some logs were dropped because the downstream consumer is slower than the logs production rate";
  expect(dropped).toEqual([[1, 2, slow]]);
  await new Promise<void>((resolve) => {
    onBatch = resolve;
  });
  hold = false;
  held[0]?.end();
  await one.flush();
  expect(batches).toHaveLength(16);
});

test("closing lets nobody wait for a receiver that does not answer", async () => {
  hold = true;
  const one = subscriber(1);
  one.add("1");
  const flushed = one.flush();
  one.close();
  await flushed;
  expect(dropped).toEqual([]);
});

test("TCP gets lines on one connection, which is made anew after it was lost", async () => {
  const sockets: Socket[] = [];
  const received: string[] = [];
  let onLines = (): void => undefined;
  const receiver = createTcpServer((socket) => {
    const of = sockets.push(socket);
    socket.setEncoding("utf8").on("data", (text: string) => {
      received.push(`${of}: ${text}`);
      onLines();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const address = receiver.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
  const one = subscriber(2, "TCP");
  const send = (...events: string[]): Promise<void> =>
    new Promise((resolve) => {
      onLines = resolve;
      for (const event of events) one.add(event);
      void one.flush();
    });
  await send("1", "2");
  await send("3");
  const closed = new Promise((resolve) => sockets[0]?.once("close", resolve));
  sockets[0]?.end();
  await closed;
  await send("4");
  expect(received).toEqual(["1: 1\n2\n", "1: 3\n", "2: 4\n"]);
  const ended = new Promise((resolve) => sockets[1]?.once("close", resolve));
  one.close();
  await ended;
  receiver.close();
  const gone = subscriber(1, "TCP");
  gone.add("5");
  await gone.flush();
  expect(dropped).toEqual([[1, 1, `could not send events: connect ECONNREFUSED 127.0.0.1:${port}`]]);
});
