import { InvokeCommand, LambdaClient, PutFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawRequest } from "../emulator/raw-http.ts";
import { lambdaServer } from "./lambda-api.ts";
import { deploy, invokeStream, openGate, streaming, urlOf, waitAtGate } from "./streaming-api.ts";

/** Functions that have a single slot: one that is not released, or released twice, shows at once. */
const server = lambdaServer();
let client: LambdaClient;
let count = 0;

beforeAll(() => {
  client = new LambdaClient({ ...server.current.emu.getClientConfig(), maxAttempts: 1 });
});
afterAll(() => client.destroy());

async function withOneSlot(source: string): Promise<string> {
  const name = `slots-${++count}`;
  await deploy(client, name, source, { Timeout: 2 });
  await client.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 1 }));
  return name;
}

const throttled = { name: "TooManyRequestsException" };
const ends = `if (event.end || event.queryStringParameters?.end) { stream.end("ended"); return; }`;
const end = Buffer.from('{"end":true}');

/** Waits until the invocation is over: a slot is held until then. */
const idle = () => server.current.emu.idle();

async function expectOneSlot(name: string, gateUrl: string): Promise<void> {
  const holding = await invokeStream(client, {
    FunctionName: name,
    Payload: Buffer.from(JSON.stringify({ hold: gateUrl })),
  });
  expect(await holding.next()).toBe("holding");
  await expect(invokeStream(client, { FunctionName: name, Payload: end })).rejects.toMatchObject(throttled);
  await expect(client.send(new InvokeCommand({ FunctionName: name, Payload: end }))).rejects.toMatchObject(throttled);
}

const holds = `if (event.hold) { stream.write("holding"); await (await fetch(event.hold)).text(); stream.end(); return; }`;

describe("a slot is taken before the request, and released once after", () => {
  test.each<[what: string, body: string]>([
    ["success", `stream.write("x"); stream.end("y");`],
    ["an error of the handler", `stream.write("x"); throw new Error("no");`],
    ["an error before the first byte", `throw new Error("no");`],
    ["a time-out", `stream.write("x"); await new Promise(() => setInterval(() => {}, 1e6));`],
    ["a crash", `stream.write("x", () => process.exit(1)); await new Promise(() => {});`],
    [
      "metadata that cannot be read",
      `stream = awslambda.HttpResponseStream.from(stream, { statusCode: 1 }); stream.write("x"); stream.end();`,
    ],
  ])("%s", async (_, body) => {
    await using gate = await openGate();
    const name = await withOneSlot(streaming(holds + ends + body));
    const url = await urlOf(client, name);
    await (await invokeStream(client, name)).rest();
    await idle();
    await fetch(url)
      .then((reply) => reply.text())
      .catch(() => "cut");
    await idle();
    await expectOneSlot(name, gate.url);
  });

  test("a failed initialization", async () => {
    const name = await withOneSlot(`throw new Error("at load");`);
    for (let round = 0; round < 3; round++) {
      const stream = await invokeStream(client, name);
      await stream.rest();
      expect(stream.completion?.ErrorCode).toBe("Unhandled");
    }
  });
});

describe("a client that goes away", () => {
  test("leaves the function running, whose output is dropped, and the slot taken until its end", async () => {
    await using gate = await openGate();
    await using other = await openGate();
    const name = await withOneSlot(
      streaming(`${holds}${ends}stream.write("first"); ${waitAtGate}
        for (let i = 0; i < 40; i++) if (!stream.write("x".repeat(100000))) await new Promise((r) => stream.once("drain", r));
        stream.end(); console.log("ran to its end");`),
    );
    const abort = new AbortController();
    const Payload = Buffer.from(JSON.stringify({ gate: gate.url }));
    const stream = await invokeStream(client, { FunctionName: name, Payload }, abort.signal);
    expect(await stream.next()).toBe("first");
    abort.abort();
    await expect(stream.rest()).rejects.toThrow("aborted");
    await gate.reached;
    await expect(invokeStream(client, { FunctionName: name, Payload: end })).rejects.toMatchObject(throttled);
    gate.open();
    await idle();
    const returned = (await server.current.emu.timeline()).findLast(({ type }) => type === "function.returned");
    expect(returned).toMatchObject({ functionName: name });
    expect(returned).not.toHaveProperty("error");
    await expectOneSlot(name, other.url);
  });

  test("while the function waits for it to read", async () => {
    const name = await withOneSlot(
      streaming(
        `${ends}for (let i = 0; i < 200; i++) if (!stream.write("x".repeat(100000))) await new Promise((r) => stream.once("drain", r)); stream.end();`,
      ),
    );
    const url = await urlOf(client, name);
    const abort = new AbortController();
    const response = await fetch(url, { signal: abort.signal });
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value?.byteLength).toBeGreaterThan(0);
    abort.abort();
    await idle();
    expect(await (await fetch(`${url}?end=1`)).text()).toBe("ended");
  });

  test("before the first byte", async () => {
    await using gate = await openGate();
    const name = await withOneSlot(streaming(`${ends}${waitAtGate} stream.end("x");`));
    const url = await urlOf(client, name);
    const abort = new AbortController();
    const asked = fetch(`${url}?gate=${encodeURIComponent(gate.url)}`, { signal: abort.signal });
    await gate.reached;
    abort.abort();
    await expect(asked).rejects.toThrow("aborted");
    gate.open();
    await idle();
    expect(await (await fetch(`${url}?end=1`)).text()).toBe("ended");
  });
});

test("concurrent streams have slots of their own", async () => {
  await using first = await openGate();
  await using second = await openGate();
  const name = await withOneSlot(streaming(`stream.write(event.name); ${waitAtGate} stream.end("!");`));
  await client.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 2 }));
  const start = (gate: string, who: string) =>
    invokeStream(client, { FunctionName: name, Payload: Buffer.from(JSON.stringify({ gate, name: who })) });
  const one = await start(first.url, "one");
  const two = await start(second.url, "two");
  expect(await one.next()).toBe("one");
  expect(await two.next()).toBe("two");
  await expect(start(first.url, "three")).rejects.toMatchObject(throttled);
  first.open();
  expect(await one.rest()).toBe("!");
  const three = await start(first.url, "three");
  expect(await three.rest()).toBe("three!");
  await expect(Promise.all([start(second.url, "four"), start(second.url, "five")])).rejects.toMatchObject(throttled);
  second.open();
  expect(await two.rest()).toBe("!");
});

test("what a stream holds back holds back nobody else", async () => {
  await using gate = await openGate();
  const { lambda } = server.current;
  await deploy(lambda, "slow", streaming(`stream.write("x"); ${waitAtGate} stream.end();`));
  await deploy(lambda, "quick", "exports.handler = async () => 1;");
  const slow = await invokeStream(lambda, {
    FunctionName: "slow",
    Payload: Buffer.from(JSON.stringify({ gate: gate.url })),
  });
  expect(await slow.next()).toBe("x");
  const quick = await urlOf(lambda, "quick", { InvokeMode: "BUFFERED" });
  expect((await rawRequest(quick, { path: new URL(quick).pathname })).body).toBe("1");
  gate.open();
  expect(await slow.rest()).toBe("");
});
