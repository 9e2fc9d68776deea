import { InvokeCommand } from "@aws-sdk/client-lambda";
import type { EmulatorOptions } from "@localemu/emulator";
import { describe, expect, test } from "vitest";
import { Command } from "./command-line.ts";
import { clientsAt, startTestEmulator } from "./emulator.ts";
import { ImageEngine } from "../lambda/image-engine.ts";
import { createFunction, imagePackage } from "../lambda/lambda-api.ts";
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

describe("a Docker engine that DOCKER_HOST names", () => {
  const makeImaged = (endpoint: string) =>
    createFunction(
      clientsAt({ endpoint, credentials: { accessKeyId: "test", secretAccessKey: "test" } }).lambda,
      "imaged",
      imagePackage("registry/orders:1"),
    );

  test("is used", async () => {
    await using engine = new ImageEngine();
    await using command = new Command(["start", "--port", "0"], { DOCKER_HOST: await engine.listen() });
    expect(await makeImaged(await command.ready)).toMatchObject({ State: "Pending" });
    await engine.pulled("registry/orders:1").promise;
  });

  test.each([
    {
      that: "LOCALEMU_DOCKER says so",
      variables: { DOCKER_HOST: "unix:///nowhere", LOCALEMU_DOCKER: "0" },
      errors: "",
    },
    {
      that: "LocalEmu cannot speak to it",
      variables: { DOCKER_HOST: "ssh://me@machine" },
      errors:
        'localemu: LocalEmu uses no Docker engine: DOCKER_HOST must begin with unix://, npipe:// or tcp://, not "ssh://me@machine". LOCALEMU_DOCKER=0 tells it not to try, LOCALEMU_DOCKER=1 to rely on it.\n',
    },
  ])("is left where $that", async ({ variables, errors }) => {
    await using command = new Command(["start", "--port", "0"], variables);
    await expect(makeImaged(await command.ready)).rejects.toThrow("this one was started without");
    command.signal("SIGTERM");
    expect(await command.ended).toMatchObject({ code: 0, errors });
  });
});
