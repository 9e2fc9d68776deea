import { beforeAll, describe, expect, test } from "vitest";
import { bundledFunction } from "../event-source-mappings/bundled-function.ts";
import { rawRequest } from "../emulator/raw-http.ts";
import { createFunction, lambdaServer } from "./lambda-api.ts";
import { openGate, urlOf } from "./streaming-api.ts";

const server = lambdaServer();

async function deployed(handler: string, InvokeMode: "BUFFERED" | "RESPONSE_STREAM", name = handler): Promise<string> {
  const { lambda } = server.current;
  const bundled = await bundledFunction(new URL(`./function/${handler}.mjs`, import.meta.url), "esm");
  await createFunction(lambda, name, { ...bundled, FunctionName: name });
  return urlOf(lambda, name, { InvokeMode });
}

describe.each([
  ["hono-stream", "RESPONSE_STREAM"],
  ["hono-handle", "BUFFERED"],
] as const)("an application of Hono: %s, %s", (handler, mode) => {
  let url: string;
  beforeAll(async () => {
    url = await deployed(handler, mode);
  });

  test("answers with its status, headers and cookies", async () => {
    const reply = await rawRequest(url, { method: "GET", path: `${new URL(url).pathname}hello/you?q=a%20b` });
    expect(reply.status).toBe(201);
    expect(JSON.parse(reply.body)).toEqual({ hello: "you", query: "a b" });
    expect(reply.headers).toMatchObject({
      "content-type": "application/json",
      "x-powered-by": "hono",
      "set-cookie": ["seen=yes; Path=/", "often=no; Path=/"],
    });
    expect((await fetch(`${url}nowhere`)).status).toBe(404);
  });

  test("takes and gives bytes", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const reply = await fetch(`${url}echo`, { method: "POST", body: bytes });
    expect(reply.headers.get("content-type")).toBe("image/png");
    expect(new Uint8Array(await reply.arrayBuffer())).toEqual(bytes);
  });
});

describe("an application of Hono that streams", () => {
  let url: string;
  beforeAll(async () => {
    url = await deployed("hono-stream", "RESPONSE_STREAM", "hono-streams");
  });

  test("sends events one by one", async () => {
    await using gate = await openGate();
    const reply = await fetch(`${url}events?gate=${encodeURIComponent(gate.url)}`);
    expect(reply.headers.get("content-type")).toBe("text/event-stream");
    const events = reply.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await events?.read())?.value).toBe("event: first\ndata: 1\n\n");
    gate.open();
    expect((await events?.read())?.value).toBe("event: second\ndata: 2\n\n");
    expect((await events?.read())?.done).toBe(true);
  });

  test("streams more than a buffered answer may have", async () => {
    const bytes = new Uint8Array(await (await fetch(`${url}bytes`)).arrayBuffer());
    expect(bytes).toHaveLength(8_000_000);
    expect([bytes[0], bytes.at(-1)]).toEqual([0, 79]);
  });
});

test("a handler of Middy with streamifyResponse", async () => {
  const url = await deployed("middy-stream", "RESPONSE_STREAM");
  const whole = await fetch(`${url}text`);
  expect(whole.status).toBe(202);
  expect(whole.headers.get("x-powered-by")).toBe("middy");
  expect(await whole.text()).toBe("whole");
  await using gate = await openGate();
  const reply = await fetch(`${url}?gate=${encodeURIComponent(gate.url)}`);
  expect(reply.status).toBe(201);
  const parts = reply.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await parts?.read())?.value).toBe("one,");
  gate.open();
  expect((await parts?.read())?.value).toBe("two");
  expect((await parts?.read())?.done).toBe(true);
});
