import { connect as connectHttp2 } from "node:http2";
import { Agent, get } from "node:http";
import type { IncomingMessage } from "node:http";
import net, { connect } from "node:net";
import { once } from "node:events";
import { describe, expect, test, vi } from "vitest";
import { hostTime } from "../core/host-time.ts";
import { createListener } from "./listener.ts";
import type { Listener, Outgoing } from "./listener.ts";

interface Lab {
  readonly listener: Listener;
  readonly port: number;
  /** What went wrong while listening. */
  readonly errors: readonly Error[];
  /** The response of the next request, which the test answers, or not. */
  readonly nextResponse: () => Promise<Outgoing>;
}

async function listen(): Promise<Lab> {
  const errors: Error[] = [];
  let take: ((response: Outgoing) => void)[] = [];
  const listener = createListener({
    onRequest: (incoming, response) => {
      incoming.resume();
      const waiting = take;
      take = [];
      for (const resolve of waiting) resolve(response);
    },
    host: hostTime,
    onTls: (socket) => socket.destroy(),
    onError: (error) => errors.push(error),
  });
  const port = await listener.listen("127.0.0.1", 0);
  return { listener, port, errors, nextResponse: () => new Promise((resolve) => take.push(resolve)) };
}

/** Long enough that a test which needs the cut to end would time out. */
const noCut = 600_000;

describe("one port", () => {
  test("speaks HTTP/1.1 and HTTP/2, however the first bytes come", async () => {
    const { listener, port, nextResponse } = await listen();
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const responses = nextResponse();
    const stream = session.request({ ":path": "/" });
    (await responses).end("h2");
    expect(await text(stream)).toBe("h2");
    const pending = nextResponse();
    const socket = connect(port, "127.0.0.1").setNoDelay(true).setEncoding("utf8");
    // "P" might be the start of "PRI ", the preface of HTTP/2.
    socket.write("P");
    await once(socket, "connect");
    socket.write("OST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    (await pending).end("h1");
    const [answer]: unknown[] = await once(socket, "data");
    expect(answer).toMatch(/^HTTP\/1.1 200 OK/);
    socket.destroy();
    session.close();
    await listener.close(noCut);
  });

  test("that is taken is the system's error", async () => {
    const { listener, port } = await listen();
    await expect(listener.listen("127.0.0.1", port)).rejects.toMatchObject({ code: "EADDRINUSE" });
    await listener.close(noCut);
  });
});

test("a connection that cannot be taken is told, and the next one is served", async () => {
  const made = vi.spyOn(net, "createServer");
  const { listener, port, errors, nextResponse } = await listen();
  const servers = made.mock.results.flatMap((result) => (result.type === "return" ? [result.value] : []));
  made.mockRestore();
  const full = Object.assign(new Error("accept EMFILE"), { code: "EMFILE", syscall: "accept" });
  for (const server of servers) server.emit("error", full);
  expect(errors).toEqual([full]);
  const pending = nextResponse();
  const answer = request(port);
  (await pending).end("served");
  expect(await text(await answer)).toBe("served");
  await listener.close(noCut);
});

describe("closing", () => {
  test("ends connections that are silent, kept or half opened, without a cut", async () => {
    const { listener, port, nextResponse } = await listen();
    const silent = connect(port, "127.0.0.1");
    await once(silent, "connect");
    const agent = new Agent({ keepAlive: true });
    const pending = nextResponse();
    const kept = request(port, agent);
    (await pending).end("done");
    await text(await kept);
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    await once(session, "remoteSettings");

    const ends = Promise.all([once(silent, "close"), once(session, "close")]);
    await expect(listener.close(noCut)).resolves.toBeUndefined();
    await ends;
    agent.destroy();
  });

  test("lets answers under way come to their end", async () => {
    const { listener, port, nextResponse } = await listen();
    const h1 = nextResponse();
    const answered = request(port);
    const response = await h1;
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const h2 = nextResponse();
    const stream = session.request({ ":path": "/" });
    const other = await h2;

    const closed = listener.close(noCut);
    response.end("h1");
    other.end("h2");
    expect(await text(await answered)).toBe("h1");
    expect(await text(stream)).toBe("h2");
    await closed;
  });

  test("cuts answers that do not end, when the grace is over", async () => {
    const { listener, port, nextResponse } = await listen();
    const h1 = nextResponse();
    const answered = request(port);
    await h1;
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on("error", () => {});
    const h2 = nextResponse();
    const stream = session.request({ ":path": "/" });
    stream.on("error", () => {});
    await h2;
    const half = connect(port, "127.0.0.1");
    half.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n");
    half.on("error", () => {});
    await nextResponse();

    const ends = Promise.allSettled([answered, once(stream, "close"), once(half, "close")]);
    await listener.close(20);
    expect((await ends).map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  });

  test("takes no further connection and no further address", async () => {
    const { listener, port } = await listen();
    await listener.close(noCut);
    await expect(request(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await expect(listener.listen("127.0.0.1", 0)).rejects.toThrow("closed");
  });

  test("ends an address that was just being added", async () => {
    const { listener } = await listen();
    const added = listener.listen("127.0.0.1", 0);
    await Promise.all([listener.close(noCut), expect(added).rejects.toThrow("closed")]);
  });
});

function request(port: number, agent?: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get({ port, host: "127.0.0.1", ...(agent !== undefined && { agent }) }, resolve).on("error", reject);
  });
}

async function text(body: AsyncIterable<Buffer | string>): Promise<string> {
  let all = "";
  for await (const chunk of body) all += chunk.toString();
  return all;
}
