import { describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import { lambdaServer } from "./lambda-api.ts";
import { deploy, invokeStream, openGate, streaming, urlOf, waitAtGate } from "./streaming-api.ts";

const server = lambdaServer();
const payload = (event: object) => Buffer.from(JSON.stringify(event));

/** Says in which process it runs, then goes on for ever unless told otherwise. */
const hangs = streaming(`stream.write(process.pid + ";"); if (event.end) { stream.end(); return; }
  await new Promise(() => setInterval(() => {}, 1e6));`);

describe("the time-out of a stream", () => {
  test("covers the whole body, in a cold and in a warm environment, which is then replaced", async () => {
    const { lambda } = server.current;
    await deploy(lambda, "hangs", hangs, { Timeout: 1 });
    const pids = new Set<string>();
    // In a cold environment, and after one that was killed.
    for (let round = 0; round < 2; round++) {
      const stream = await invokeStream(lambda, "hangs");
      pids.add((await stream.next()) ?? "");
      expect(await stream.next()).toBeUndefined();
      expect(JSON.parse(stream.completion?.ErrorDetails ?? "")).toMatchObject({
        errorType: "Sandbox.Timedout",
        errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds$/),
      });
    }
    expect(pids.size).toBe(2);
    const warming = await invokeStream(lambda, { FunctionName: "hangs", Payload: payload({ end: true }) });
    const pid = await warming.rest();
    const warm = await invokeStream(lambda, "hangs");
    expect(await warm.next()).toBe(pid);
    expect(await warm.next()).toBeUndefined();
    expect(warm.completion?.ErrorCode).toBe("Unhandled");
    const healthy = await invokeStream(lambda, { FunctionName: "hangs", Payload: payload({ end: true }) });
    expect(await healthy.rest()).not.toBe(pid);
    expect(healthy.completion).toEqual({});
  });

  test("ends a function that waits for its reader, whose reader then finds the end", async () => {
    const { lambda } = server.current;
    const source = streaming(`const chunk = Buffer.alloc(1024 * 1024, "x");
      for (;;) if (!stream.write(chunk)) await new Promise((r) => stream.once("drain", r));`);
    await deploy(lambda, "pours", source, { Timeout: 1 });
    const response = await fetch(await urlOf(lambda, "pours"));
    const reader = response.body?.getReader();
    await reader?.read();
    // Nothing is read until the function has been ended.
    await server.current.emu.idle();
    const readOn = async (): Promise<void> => {
      while ((await reader?.read())?.done === false);
    };
    await expect(readOn()).rejects.toThrow("terminated");
    expect((await server.current.emu.timeline()).findLast(({ type }) => type === "function.returned")).toMatchObject({
      functionName: "pours",
      error: expect.stringContaining("Task timed out after 1.00 seconds"),
    });
  });

  test("of an invocation that is over does not end the next", async () => {
    const { lambda } = server.current;
    await using gate = await openGate();
    const source = streaming(`stream.write(process.pid + ";"); if (event.gate) { ${waitAtGate} } stream.end();`);
    await deploy(lambda, "outlives", source, { Timeout: 1 });
    const first = await (await invokeStream(lambda, "outlives")).rest();
    await deploy(lambda, "clock", "exports.handler = () => new Promise(() => setInterval(() => {}, 1e6));", {
      Timeout: 1,
    });
    // Began later than the first one, and so is out of time later.
    const clock = invokeStream(lambda, "clock");
    const next = await invokeStream(lambda, { FunctionName: "outlives", Payload: payload({ gate: gate.url }) });
    expect(await next.next()).toBe(first);
    gate.open();
    expect(await next.rest()).toBe("");
    expect(next.completion).toEqual({});
    await clock;
    expect(await (await invokeStream(lambda, "outlives")).rest()).toBe(first);
  });
});

test("stopping the emulator ends its streams", async () => {
  await using stopped = await startTestEmulator();
  await deploy(stopped.lambda, "hangs", hangs, { Timeout: 900 });
  const stream = await invokeStream(stopped.lambda, "hangs");
  const pid = Number.parseInt((await stream.next()) ?? "", 10);
  const response = await fetch(await urlOf(stopped.lambda, "hangs"));
  const reader = response.body?.getReader();
  await reader?.read();
  const ends = Promise.allSettled([stream.rest(), reader?.read()]);
  await stopped[Symbol.asyncDispose]();
  expect((await ends).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});
