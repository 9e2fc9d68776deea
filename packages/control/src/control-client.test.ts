import { execFile } from "node:child_process";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ControlClient } from "./control-client.ts";

interface Call {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly region: string | undefined;
}
type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/** A server that notes each call and answers as it is told. */
class FakeServer {
  readonly calls: Call[] = [];
  answer: Answer = json({});
  readonly #http = http.createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      const region = request.headers["x-localemu-region"];
      this.calls.push({
        method: request.method ?? "",
        url: request.url ?? "",
        body: text === "" ? undefined : JSON.parse(text),
        region: typeof region === "string" ? region : undefined,
      });
      this.answer(request, response);
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => void this.#http.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    const address: AddressInfo | string | null = this.#http.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  async stop(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => void this.#http.close(() => resolve()));
  }
}

function json(body: unknown, status = 200): Answer {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
}

let server: FakeServer;
let endpoint: string;
let client: ControlClient;

beforeEach(async () => {
  server = new FakeServer();
  endpoint = await server.start();
  client = new ControlClient(endpoint);
});

afterEach(async () => {
  client.close();
  await server.stop();
});

describe("routes", () => {
  const routes: readonly [string, (client: ControlClient) => Promise<unknown>, Partial<Call>][] = [
    ["info", (c) => c.info(), { method: "GET", url: "/_localemu/info" }],
    ["worlds", (c) => c.worlds(), { method: "GET", url: "/_localemu/worlds" }],
    [
      "createWorld",
      (c) => c.createWorld({ name: "mine", lease: true }),
      { method: "POST", url: "/_localemu/worlds", body: { name: "mine", lease: true } },
    ],
    ["deleteWorld", (c) => c.deleteWorld("mine"), { method: "DELETE", url: "/_localemu/worlds/mine" }],
    ["reset", (c) => c.reset(), { method: "POST", url: "/_localemu/reset", body: undefined }],
    ["idle", (c) => c.idle(), { method: "POST", url: "/_localemu/idle", body: { timeoutMs: 10_000 } }],
    ["clock.read", (c) => c.clock.read(), { method: "GET", url: "/_localemu/clock" }],
    ["clock.freeze", (c) => c.clock.freeze(), { method: "POST", url: "/_localemu/clock", body: { action: "freeze" } }],
    ["clock.freeze at", (c) => c.clock.freeze(5), { body: { action: "freeze", at: 5 } }],
    ["clock.set", (c) => c.clock.set(7), { body: { action: "set", to: 7 } }],
    ["clock.advance", (c) => c.clock.advance(9), { body: { action: "advance", ms: 9 } }],
    ["clock.resume", (c) => c.clock.resume(), { body: { action: "resume" } }],
    ["clock.auto", (c) => c.clock.auto(), { body: { action: "auto" } }],
    ["peek.stream", (c) => c.peek.stream("orders"), { method: "GET", url: "/_localemu/peek/streams/orders" }],
    [
      "peek.queue",
      (c) => c.peek.queue("dlq", { region: "eu-west-1" }),
      { method: "GET", url: "/_localemu/peek/queues/dlq?region=eu-west-1" },
    ],
    ["peek.mapping", (c) => c.peek.mapping("a b"), { method: "GET", url: "/_localemu/peek/mappings/a%20b" }],
    ["peek.mappings", (c) => c.peek.mappings(), { method: "GET", url: "/_localemu/peek/mappings" }],
    [
      "call",
      (c) => c.call("kinesis", "ListStreams", { Limit: 1 }, { region: "eu-west-1" }),
      { method: "POST", url: "/_localemu/aws/kinesis/ListStreams", body: { Limit: 1 }, region: "eu-west-1" },
    ],
  ];

  test.each(routes)("%s", async (_name, act, expected) => {
    await act(client);

    expect(server.calls).toMatchObject([expected]);
  });

  test("a world's prefix stays in front", async () => {
    await using worldly = new ControlClient(`${endpoint}/_world/mine/`);
    await worldly.info();

    expect(worldly.endpoint).toBe(`${endpoint}/_world/mine`);
    expect(server.calls[0]?.url).toBe("/_world/mine/_localemu/info");
  });

  test("the timeline's lines become entries", async () => {
    server.answer = (_request, response) => void response.end('{"id":1,"type":"world.reset"}\n{"id":2,"type":"x"}\n');

    expect(await client.timeline({ after: 0, limit: 2 })).toMatchObject([{ id: 1, type: "world.reset" }, { id: 2 }]);
    expect(server.calls[0]?.url).toBe("/_localemu/timeline?after=0&limit=2");
  });
});

describe("errors", () => {
  test("an AWS error keeps code, message and status", async () => {
    server.answer = json({ error: { code: "ResourceNotFoundException", message: "Stream x not found." } }, 400);

    await expect(client.call("kinesis", "DescribeStream")).rejects.toMatchObject({
      name: "ControlError",
      code: "ResourceNotFoundException",
      message: "Stream x not found.",
      status: 400,
    });
  });

  test("nothing listens", async () => {
    await server.stop();

    await expect(client.info()).rejects.toMatchObject({
      code: "Unreachable",
      message: `No LocalEmu answers at ${endpoint}: ECONNREFUSED`,
    });
    await server.start();
  });

  test.each([
    [404, "<html>nginx</html>"],
    [200, "hello"],
  ])("something else answers with %i", async (status, body) => {
    server.answer = (_request, response) => void response.writeHead(status).end(body);

    await expect(client.info()).rejects.toMatchObject({
      code: "NotLocalEmu",
      message: `What answers at ${endpoint} does not speak LocalEmu's control API: GET /_localemu/info gave ${status} "${body}"`,
    });
  });

  test("an endpoint that is none", () => {
    expect(() => new ControlClient("localhost:4566")).toThrow(
      'A LocalEmu endpoint looks like http://127.0.0.1:4566, not like "localhost:4566"',
    );
  });

  test("a call in flight ends when the client is closed, and none starts afterwards", async () => {
    server.answer = () => client.close();

    await expect(client.reset()).rejects.toMatchObject({
      code: "ClientClosed",
      message: "The client was closed during POST /_localemu/reset",
    });
    await expect(client.info()).rejects.toMatchObject({ code: "ClientClosed" });
  });

  test("a signal ends a call with its reason", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    server.answer = () => controller.abort(reason);

    await expect(client.idle({ signal: controller.signal })).rejects.toBe(reason);
  });
});

describe("connections", () => {
  test("are used again, and renewed when the server dropped them", async () => {
    const ports: (number | undefined)[] = [];
    server.answer = (request, response) => {
      ports.push(request.socket.remotePort);
      json({})(request, response);
    };
    await client.info();
    await client.info();
    server.answer = (request, response) => {
      if (request.socket.remotePort === ports[0]) request.socket.resetAndDestroy();
      else json({ version: "2" })(request, response);
    };

    expect(await client.info()).toEqual({ version: "2" });
    expect(ports[0]).toBe(ports[1]);
  });

  test("neither fake timers nor a replaced http.request are in the way", async () => {
    vi.useFakeTimers();
    const request = vi.spyOn(http, "request").mockImplementation(() => {
      throw new Error("mocked");
    });
    try {
      expect(await client.info()).toEqual({});
    } finally {
      request.mockRestore();
      vi.useRealTimers();
    }
  });

  test("don't keep the process alive, nor does a lease", async () => {
    server.answer = (request, response) => {
      if (request.url?.endsWith("/lease") === true) response.writeHead(200).write(": held\n\n");
      else json({})(request, response);
    };
    // As it is built, imported by name from an ES module.
    const script = `
      import { ControlClient } from "@localemu/control";
      const client = new ControlClient(${JSON.stringify(endpoint)});
      await client.holdLease("mine");
      await client.info();
      console.log("done");`;

    // Without its own end the child would be killed, and the promise rejected, after the time-out.
    const child = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
      timeout: 10_000,
    });
    expect(child.stdout).toBe("done\n");
  });
});

describe("open requests", () => {
  test("a lease is a request that stays open until it is disposed", async () => {
    const ended = new Promise<void>((resolve) => {
      server.answer = (_request, response) => {
        response.on("close", resolve);
        response.writeHead(200, { "content-type": "text/event-stream" }).write(": held\n\n");
      };
    });
    {
      using lease = await client.holdLease("mine");
      expect(lease.world).toBe("mine");
    }
    await ended;
    expect(server.calls).toMatchObject([{ method: "GET", url: "/_localemu/worlds/mine/lease" }]);
  });

  test("following ends with the signal", async () => {
    server.answer = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write('data: {"id":18,"type":"world.reset"}\n\ndata: {"id":19,"type":"world.reset"}\n\n');
    };
    const controller = new AbortController();
    const ids: number[] = [];
    for await (const entry of client.followTimeline({ after: 17, signal: controller.signal })) {
      ids.push(entry.id);
      if (entry.id === 19) controller.abort();
    }

    expect(ids).toEqual([18, 19]);
    expect(server.calls[0]?.url).toBe("/_localemu/timeline?after=17");
  });

  test("leaving the loop closes the request", async () => {
    const closed = new Promise<string>((resolve) => {
      server.answer = (_request, response) => {
        response.on("close", () => resolve("closed"));
        response.writeHead(200).write('data: {"id":1,"type":"world.reset"}\n\n');
      };
    });
    for await (const entry of client.followTimeline()) if (entry.id === 1) break;

    expect(await closed).toBe("closed");
  });

  test("following fails when the connection breaks", async () => {
    server.answer = (request, response) => {
      response.writeHead(200).write('data: {"id":1,"type":"world.reset"}\n\n', () => request.socket.resetAndDestroy());
    };

    const entries = client.followTimeline();

    expect(await entries.next()).toMatchObject({ value: { id: 1 } });
    await expect(entries.next()).rejects.toMatchObject({ code: "Unreachable" });
  });
});
