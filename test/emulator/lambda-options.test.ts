import { InvokeCommand } from "@aws-sdk/client-lambda";
import type { EmulatorOptions } from "@localemu/emulator";
import { expect, test } from "vitest";
import { startTestEmulator } from "./emulator.ts";
import { zipOf } from "../lambda/zips.ts";

/** Invokes a function of this code in an emulator with these options. */
async function invoke(options: EmulatorOptions, code: string, settings: Readonly<Record<string, unknown>> = {}) {
  await using emulator = await startTestEmulator(options);
  await emulator.emu.control.call("lambda", "CreateFunction", {
    FunctionName: "probe",
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role: "arn:aws:iam::000000000000:role/probe",
    Code: { ZipFile: Buffer.from(zipOf({ "index.js": code })).toString("base64") },
    ...settings,
  });
  const output = await emulator.lambda.send(new InvokeCommand({ FunctionName: "probe", LogType: "Tail" }));
  return {
    error: output.FunctionError,
    payload: output.Payload?.transformToString(),
    log: Buffer.from(output.LogResult ?? "", "base64").toString(),
  };
}

test("lambdaMaxPayloadBytes limits responses", async () => {
  const code = "exports.handler = async () => 'x'.repeat(100);";
  expect(await invoke({ lambdaMaxPayloadBytes: 102 }, code)).toMatchObject({ error: undefined });
  expect(await invoke({ lambdaMaxPayloadBytes: 101 }, code)).toMatchObject({
    error: "Unhandled",
    payload: expect.stringContaining("(101 bytes)"),
  });
});

test("lambdaPostInvokeWaitMs leaves time for what is logged after the response", async () => {
  const code = "exports.handler = async () => void setTimeout(() => console.log('afterthought'), 1);";
  expect((await invoke({ lambdaPostInvokeWaitMs: 500 }, code)).log).toContain("afterthought");
});

test("lambdaDebugMode takes the time limit from functions that a debugger may inspect, and from no others", async () => {
  const code = "exports.handler = () => new Promise((resolve) => setTimeout(resolve, 1100, 'done'));";
  const inspected = { Timeout: 1, Environment: { Variables: { NODE_OPTIONS: "--inspect=127.0.0.1:0" } } };
  expect(await invoke({ lambdaDebugMode: true }, code, inspected)).toMatchObject({ payload: '"done"' });
  expect(await invoke({ lambdaDebugMode: true }, code, { Timeout: 1 })).toMatchObject({ error: "Unhandled" });
});
