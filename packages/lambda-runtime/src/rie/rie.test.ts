import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import { crc32 } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import type { FunctionSpec } from "../index.ts";
import { Lab } from "../temporary-function.test.fixture.ts";
import { createRieServer } from "./rie-server.ts";

const INVOKE = "/2015-03-31/functions/function/invocations";
const STREAM = "/2021-11-15/functions/function/response-streaming-invocations";

const disposals: (() => unknown)[] = [];

afterEach(async () => {
  for (const dispose of disposals.splice(0)) await dispose();
});

type Server = ReturnType<typeof createServer>;

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  disposals.push(() => server.close().closeAllConnections());
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function serve(code: string, spec: Partial<FunctionSpec> = {}): Promise<number> {
  const lab = new Lab();
  disposals.push(() => lab.dispose());
  return listening(createRieServer(lab.deploy(code, spec), "probe"));
}

function call(port: number, path: string, body = "{}", headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ host: "127.0.0.1", port, path, method: "POST", headers }, resolve);
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function read(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("latin1");
}

/** Streams `one`, then waits until somebody lets it go on, then `two`. */
async function streamsInTwo(): Promise<{ readonly code: string; readonly release: () => void }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const gate = await listening(createServer((_request, response) => void promise.then(() => response.end())));
  const code = `exports.handler = awslambda.streamifyResponse(async (event, stream) => {
    stream.setContentType("text/plain");
    stream.write("one");
    await fetch("http://127.0.0.1:${gate}");
    stream.end("two");
  });`;
  return { code, release: resolve };
}

test.each([INVOKE, STREAM])("%s gives a chunk when the function has written it", async (path) => {
  const { code, release } = await streamsInTwo();
  const port = await serve(code);
  const incoming = await call(port, path);
  const [first] = await once(incoming);
  expect(first?.toString("latin1")).toContain("one");
  expect(first?.toString("latin1")).not.toContain("two");
  release();
  expect(await read(incoming)).toContain("two");
  expect(incoming.headers["content-type"]).toBe(path === INVOKE ? "text/plain" : "application/vnd.amazon.eventstream");
});

function once(incoming: IncomingMessage): Promise<Buffer[]> {
  return new Promise((resolve) => {
    incoming.once("data", (chunk: Buffer) => {
      incoming.pause();
      resolve([chunk]);
    });
  });
}

test("the event, the client context and the trace reach the function", async () => {
  const port = await serve(
    "exports.handler = async (event, context) => [event, context.clientContext, context.invokedFunctionArn, process.env._X_AMZN_TRACE_ID];",
  );
  const incoming = await call(port, INVOKE, '{"a":1}', {
    "X-Amz-Client-Context": Buffer.from('{"custom":1}').toString("base64"),
    "X-Amzn-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
  });
  expect(JSON.parse(await read(incoming))).toEqual([
    { a: 1 },
    { custom: 1 },
    "arn:aws:lambda:us-east-1:012345678912:function:probe",
    expect.stringContaining("Root=1-5759e988-bd862e3fe1be46a994272793"),
  ]);
});

test.each(["%%", "e30", "e_0=", "not base64"])("a client context of %j is refused", async (context) => {
  const port = await serve("exports.handler = async () => 1;");
  const refused = await call(port, INVOKE, "{}", { "X-Amz-Client-Context": context });
  expect(refused.statusCode).toBe(500);
  expect(JSON.parse(await read(refused))).toMatchObject({ errorMessage: "X-Amz-Client-Context is no base64" });
});

test("an error of the function and a time-out are told as by Lambda", async () => {
  const port = await serve(
    "exports.handler = async (wait) => { if (wait) await new Promise(() => setInterval(() => {}, 1e6)); throw new Error('no'); };",
    {
      timeoutMs: 1000,
    },
  );
  const failed = await call(port, INVOKE, "0");
  expect([failed.statusCode, failed.headers["x-amz-function-error"]]).toEqual([200, "Unhandled"]);
  expect(JSON.parse(await read(failed))).toMatchObject({ errorType: "Error", errorMessage: "no" });
  const late = await call(port, INVOKE, "1");
  expect(JSON.parse(await read(late))).toMatchObject({ errorType: "Sandbox.Timedout" });
});

test("an event stream ends with what became of the invocation, and its checksums are right", async () => {
  const port = await serve("exports.handler = async (fail) => { if (fail) throw new Error('no'); return 'ok'; };");
  const [chunk, complete] = messages(await read(await call(port, STREAM, "0", { "X-Amz-Log-Type": "Tail" })));
  expect(chunk).toEqual({ headers: expect.stringContaining("PayloadChunk"), payload: '"ok"' });
  expect(complete?.headers).toContain("InvokeComplete");
  expect(JSON.parse(complete?.payload ?? "")).toEqual({ LogResult: expect.any(String) });
  const [only] = messages(await read(await call(port, STREAM, "1")));
  expect(JSON.parse(only?.payload ?? "")).toMatchObject({
    ErrorCode: "Unhandled",
    ErrorDetails: expect.stringContaining("no"),
  });
});

function messages(text: string): { headers: string; payload: string }[] {
  const found = [];
  for (let rest = Buffer.from(text, "latin1"); rest.length > 0;) {
    const [total, headers] = [rest.readUInt32BE(0), rest.readUInt32BE(4)];
    const message = rest.subarray(0, total);
    expect(message.readUInt32BE(8)).toBe(crc32(message.subarray(0, 8)));
    expect(message.readUInt32BE(total - 4)).toBe(crc32(message.subarray(0, total - 4)));
    found.push({
      headers: message.toString("latin1", 12, 12 + headers),
      payload: message.toString("utf8", 12 + headers, total - 4),
    });
    rest = rest.subarray(total);
  }
  return found;
}

test("other paths are not there, and an event that is too large is refused", async () => {
  const port = await serve("exports.handler = async () => 1;");
  const other = await call(port, "/2015-03-31/functions/other/invocations");
  expect([other.statusCode, await read(other)]).toEqual([404, "404 page not found\n"]);
  expect((await call(port, INVOKE, `"${"x".repeat(6_291_456)}"`)).statusCode).toBe(413);
});
