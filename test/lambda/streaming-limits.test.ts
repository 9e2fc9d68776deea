import { InvokeCommand } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import { lambdaServer } from "./lambda-api.ts";
import { deploy, invokeStream, openGate, streaming, urlOf, waitAtGate } from "./streaming-api.ts";

const server = lambdaServer();

const pours = (mib: number, then = "stream.end();"): string =>
  streaming(`const chunk = Buffer.alloc(1024 * 1024, "x");
    for (let i = 0; i < ${mib}; i++) if (!stream.write(chunk)) await new Promise((r) => stream.once("drain", r)); ${then}`);

const tooLarge = (limit: number) => ({
  errorType: "Function.ResponseSizeTooLarge",
  errorMessage: `Response payload size exceeded maximum allowed payload size (${limit} bytes).`,
});

describe("how long a response may be", () => {
  test("a stream is cut off at its limit and fails, also if it never ends; the environment stays", async () => {
    await using small = await startTestEmulator({ responseStreamMaxBytes: 3_000_000 });
    const { lambda } = small;
    // Its time must not run out on a busy machine: that would end the environment.
    await deploy(lambda, "pours", pours(4), { Timeout: 60 });
    for (let round = 0; round < 2; round++) {
      const stream = await invokeStream(lambda, "pours");
      expect((await stream.rest()).length).toBe(3_000_000);
      expect(stream.completion?.ErrorCode).toBe("Unhandled");
      expect(JSON.parse(stream.completion?.ErrorDetails ?? "")).toEqual(tooLarge(3_000_000));
    }
    await small.emu.idle();
    const started = (await small.emu.timeline()).filter(({ type }) => type === "function.environmentStarted");
    expect(started).toHaveLength(1);

    await using gate = await openGate();
    await deploy(lambda, "endless", pours(4, waitAtGate));
    const Payload = Buffer.from(JSON.stringify({ gate: gate.url }));
    const endless = await invokeStream(lambda, { FunctionName: "endless", Payload });
    await endless.rest();
    expect(endless.completion?.ErrorCode).toBe("Unhandled");
    const url = await urlOf(lambda, "pours");
    await expect((await fetch(url)).text()).rejects.toThrow("terminated");
  });

  test("a stream of more than 6 MB comes whole, and is too long for a buffered caller", async () => {
    const { lambda } = server.current;
    await deploy(lambda, "pours", pours(8));
    const stream = await invokeStream(lambda, "pours");
    expect((await stream.rest()).length).toBe(8 * 1024 * 1024);
    expect(stream.completion).toEqual({});
    const answer = await lambda.send(new InvokeCommand({ FunctionName: "pours" }));
    expect(answer.FunctionError).toBe("Unhandled");
    expect(JSON.parse(answer.Payload?.transformToString() ?? "")).toEqual(tooLarge(6_291_556));
    const buffered = await urlOf(lambda, "pours", { InvokeMode: "BUFFERED" });
    expect((await fetch(buffered)).status).toBe(502);
  });

  test("what a buffered function returns is limited to 6 MB for a caller that streams as well", async () => {
    const { lambda } = server.current;
    await deploy(lambda, "returns", "exports.handler = async () => 'x'.repeat(6291557);");
    const stream = await invokeStream(lambda, "returns");
    expect(await stream.rest()).toBe("");
    expect(JSON.parse(stream.completion?.ErrorDetails ?? "")).toEqual(tooLarge(6_291_556));
  });
});

test("a streaming function's whole answer comes from Invoke", async () => {
  const { lambda } = server.current;
  await deploy(lambda, "parts", streaming("stream.write('one,'); stream.end('two');"));
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: "parts" }));
  expect(Payload?.transformToString()).toBe("one,two");
  await deploy(lambda, "breaks", streaming("stream.write('one,'); throw new RangeError('no');"));
  const answer = await lambda.send(new InvokeCommand({ FunctionName: "breaks" }));
  expect(answer.FunctionError).toBe("Unhandled");
  expect(JSON.parse(answer.Payload?.transformToString() ?? "")).toMatchObject({ errorType: "RangeError" });
});

test("with a pace, what exceeds 6 MiB takes its time", async () => {
  await using paced = await startTestEmulator({ responseStreamBytesPerSecond: 2 * 1024 * 1024 });
  await deploy(paced.lambda, "pours", pours(8), { Timeout: 30 });
  const begin = performance.now();
  const stream = await invokeStream(paced.lambda, "pours");
  let bytes = 0;
  for (let chunk = await stream.next(); chunk !== undefined; chunk = await stream.next()) bytes += chunk.length;
  expect(bytes).toBe(8 * 1024 * 1024);
  // 2 MiB at 2 MiB/s, without the last chunk; the upper side depends on the machine.
  expect(performance.now() - begin).toBeGreaterThan(900);
});
