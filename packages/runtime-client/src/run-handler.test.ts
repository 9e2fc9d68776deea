import { EventEmitter, once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { runHandler, streamifyResponse, type Handler } from "./index.ts";

const identity = {
  functionName: "probe",
  functionVersion: "$LATEST",
  memoryLimitInMB: "128",
  logGroupName: "/aws/lambda/probe",
  logStreamName: "stream",
};

const closers: (() => void)[] = [];

afterEach(() => {
  closers.splice(0).forEach((close) => close());
});

/** A Runtime API that gives one event and keeps what it is sent. */
async function serveOne(): Promise<{
  runtimeApi: string;
  posted: Promise<[path: string, body: string]>;
  parked: Promise<void>;
}> {
  const waiting: ServerResponse[] = [];
  let given = false;
  const events = new EventEmitter();
  const posted = once(events, "posted").then(([path, body]): [string, string] => [String(path), String(body)]);
  const parked = once(events, "parked").then(() => undefined);
  const server = createServer((incoming, response) => {
    if (incoming.method === "GET" && given) {
      waiting.push(response);
      events.emit("parked");
    } else if (incoming.method === "GET") {
      given = true;
      response.setHeader("Lambda-Runtime-Aws-Request-Id", "id-1");
      response.setHeader("Lambda-Runtime-Deadline-Ms", "1");
      response.setHeader("Lambda-Runtime-Invoked-Function-Arn", "arn:f");
      response.end('{"n":1}');
    } else {
      let body = "";
      incoming.on("data", (chunk) => (body += String(chunk)));
      incoming.on("end", () => {
        events.emit("posted", incoming.url, body);
        response.writeHead(202).end();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close().closeAllConnections());
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { runtimeApi: `127.0.0.1:${port}`, posted, parked };
}

describe("runHandler", () => {
  test.each<[string, Handler, string, unknown]>([
    ["a result", async (event) => ({ event }), "response", { event: { n: 1 } }],
    [
      "an error",
      () => Promise.reject(new TypeError("no")),
      "error",
      { errorType: "TypeError", errorMessage: "no", trace: expect.any(Array) },
    ],
  ])("posts %s and stops when it is told to", async (_name, handler, path, body) => {
    const { runtimeApi, posted, parked } = await serveOne();
    const stop = new AbortController();
    const environmentBefore = { ...process.env };
    const running = runHandler({ runtimeApi, handler, identity, signal: stop.signal });
    const [url, json] = await posted;
    expect(url).toBe(`/2018-06-01/runtime/invocation/id-1/${path}`);
    expect(JSON.parse(json)).toEqual(body);
    await parked;
    stop.abort();
    await running;
    expect(process.env).toEqual(environmentBefore);
  });

  test("streams", async () => {
    const { runtimeApi, posted } = await serveOne();
    const stop = new AbortController();
    const handler = streamifyResponse(async (_event, stream) => {
      if (typeof stream === "object" && stream !== null && "end" in stream && typeof stream.end === "function") {
        stream.end("streamed");
      }
    });
    const running = runHandler({ runtimeApi, handler, identity, signal: stop.signal });
    expect(await posted).toEqual(["/2018-06-01/runtime/invocation/id-1/response", "streamed"]);
    stop.abort();
    await running;
  });

  test("rejects when the Runtime API goes away", async () => {
    const { runtimeApi, parked } = await serveOne();
    const running = runHandler({ runtimeApi, handler: () => 1, identity, signal: new AbortController().signal });
    await parked;
    closers.splice(0).forEach((close) => close());
    await expect(running).rejects.toThrow("The connection to the Runtime API broke");
  });

  test("refuses an address that is none", async () => {
    const { signal } = new AbortController();
    await expect(runHandler({ runtimeApi: "nowhere", handler: () => 1, identity, signal })).rejects.toThrow(
      "Invalid hostnamePort: nowhere",
    );
  });
});
