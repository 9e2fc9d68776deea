import "@localemu/vitest/extend";
import { CreateFunctionUrlConfigCommand, InvokeWithResponseStreamCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { createFunction } from "../emulator/functions.ts";

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
  await createFunction(
    emulator.lambda,
    "streaming",
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
      for (const text of ["data: 1\\n\\n", "data: 2\\n\\n"]) await new Promise((resolve) => stream.write(text, resolve));
      if (event.fail) throw new Error("boom");
      stream.end();
    });`,
  );
});

afterAll(() => emulator[Symbol.asyncDispose]());

function invoke(event: object) {
  const Payload = Buffer.from(JSON.stringify(event));
  return emulator.lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: "streaming", Payload }));
}

test("what InvokeWithResponseStream gives", async () => {
  await expect(await invoke({})).toHaveStreamed("data: 1\n\ndata: 2\n\n");
  await expect(await invoke({})).toHaveStreamed(["data: 1\n\n", "data: 2\n\n"]);
  await expect(await invoke({})).not.toHaveStreamed(["data: 1\n\ndata: 2\n\n"]);
  await expect(expect(await invoke({ fail: true })).toHaveStreamed("data: 1\n\ndata: 2\n\n")).rejects.toThrow(
    /The stream ended with "Unhandled": .*boom/,
  );
});

test("a function URL's response", async () => {
  const { FunctionUrl = "" } = await emulator.lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName: "streaming", AuthType: "NONE", InvokeMode: "RESPONSE_STREAM" }),
  );
  await expect(await fetch(FunctionUrl)).toHaveStreamed(expect.stringMatching(/^data: 1\s+data: 2\s+$/));
});
