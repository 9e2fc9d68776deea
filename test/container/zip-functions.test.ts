import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetFunctionCommand, UpdateFunctionCodeCommand, waitUntilFunctionUpdatedV2 } from "@aws-sdk/client-lambda";
import type { CreateFunctionRequest, FunctionConfiguration } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { createFunction, invoke } from "../emulator/functions.ts";
import { publishLayer } from "../lambda/layers-api.ts";
import { zipOf } from "../lambda/zips.ts";
import { hasDocker } from "./container.ts";
import {
  buildLanguageRuntime,
  containersOf,
  createActiveFunction,
  extensionProgram,
  ownRuntime,
  tell,
} from "./function-image.ts";

const missing = "127.0.0.1:1/missing:1";

describe.runIf(hasDocker)("functions from a zip, with a Docker engine", () => {
  let language: ReturnType<typeof buildLanguageRuntime>;
  let emulator: TestEmulator;

  beforeAll(async () => {
    language = buildLanguageRuntime();
    const lambdaRuntimeImages = {
      "python3.12": language.image,
      "provided.al2023": "node:24-bookworm-slim",
      "ruby3.4": missing,
    };
    emulator = await startTestEmulator({ docker: true, lambdaRuntimeImages });
  }, 120_000);

  afterAll(async () => {
    await emulator[Symbol.asyncDispose]();
    language.remove();
  }, 60_000);

  const create = (name: string, settings: Partial<CreateFunctionRequest>): Promise<FunctionConfiguration> =>
    createActiveFunction(emulator.lambda, name, { Handler: "app.handler", ...settings });

  test("run in an image of their runtime, with code and layers where AWS has them", async () => {
    const { lambda } = emulator;
    const files = { "python/parts.py": "the layer", "extensions/watcher": extensionProgram(9001) };
    const layer = await publishLayer(lambda, "parts", {}, { Content: { ZipFile: zipOf(files, 0o100755) } });
    const code = zipOf({ "app.py": "the code", "folder/other.py": "other" });
    const created = await create("python", {
      Runtime: "python3.12",
      Code: { ZipFile: code },
      Layers: [layer.LayerVersionArn ?? ""],
    });
    expect(created).toMatchObject({ PackageType: "Zip", Runtime: "python3.12", CodeSize: code.length });

    const told = await tell(lambda, "python");
    expect(told).toMatchObject({ arguments: ["app.handler"], directory: "/var/task" });
    expect(told.environment).toMatchObject({
      LANGUAGE_IMAGE: "yes",
      _HANDLER: "app.handler",
      LAMBDA_TASK_ROOT: "/var/task",
      AWS_EXECUTION_ENV: "AWS_Lambda_python3.12",
      AWS_LAMBDA_FUNCTION_NAME: "python",
    });
    const read = (path: string) => invoke(lambda, "python", { action: "read", path });
    expect(await read("/var/task/app.py")).toBe("the code");
    expect(await read("/var/task/folder/other.py")).toBe("other");
    expect(await read("/opt/python/parts.py")).toBe("the layer");
    expect(await read("/tmp/watcher")).toBe("of watcher");
    expect(await invoke(lambda, "python", { action: "ask", url: "http://localhost:9001" })).toBe("watcher");

    await lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName: "python", ZipFile: zipOf({ "app.py": "new code" }) }),
    );
    await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName: "python" });
    expect(await read("/var/task/app.py")).toBe("new code");
    expect(await read("/var/task/folder/other.py")).toMatchObject({ errorMessage: expect.stringContaining("ENOENT") });
  });

  test("run what was saved in a directory last, and what its links lead to", async () => {
    const directory = mkdtempSync(join(tmpdir(), "live-"));
    const beside = mkdtempSync(join(tmpdir(), "beside-"));
    writeFileSync(join(directory, "app.py"), "first");
    writeFileSync(join(beside, "parts.py"), "parts");
    symlinkSync(beside, join(directory, "shared"));
    const Code = { S3Bucket: "hot-reload", S3Key: directory };
    await create("live", { Runtime: "python3.12", Code });
    const read = (path: string) => invoke(emulator.lambda, "live", { action: "read", path });
    expect(await read("/var/task/app.py")).toBe("first");
    expect(await read("/var/task/shared/parts.py")).toBe("parts");
    writeFileSync(join(beside, "parts.py"), "new parts");
    expect(await read("/var/task/shared/parts.py")).toBe("new parts");
    for (const path of [directory, beside]) rmSync(path, { recursive: true });
  });

  test("tell in AWS's words of an extension that cannot be started", async () => {
    const { lambda } = emulator;
    const layer = await publishLayer(lambda, "plain", { "extensions/plain": "no program" });
    const Code = { ZipFile: zipOf({ "app.py": "" }) };
    await create("hindered", { Runtime: "python3.12", Code, Layers: [layer.LayerVersionArn ?? ""] });
    expect(await invoke(lambda, "hindered")).toMatchObject({
      errorType: "Extension.LaunchError",
      errorMessage: expect.stringContaining("extension plain could not be started: PermissionDenied"),
    });
    await expect.poll(() => containersOf("hindered"), { timeout: 20_000 }).toEqual([]);
  });

  test("start by their own bootstrap, or tell in AWS's words that they have none", async () => {
    const { lambda } = emulator;
    const bootstrap = '#!/bin/sh\nexec node "$LAMBDA_TASK_ROOT/runtime.mjs" "$_HANDLER"\n';
    await create("own", {
      Runtime: "provided.al2023",
      Code: { ZipFile: zipOf({ bootstrap, "runtime.mjs": ownRuntime }, 0o100755) },
    });
    const { arguments: given, environment } = await tell(lambda, "own");
    expect(given).toEqual(["app.handler"]);
    expect(environment).not.toHaveProperty("AWS_EXECUTION_ENV");
    expect(await containersOf("own")).toHaveLength(1);

    await create("none", { Runtime: "provided.al2023", Code: { ZipFile: zipOf({ "notes.txt": "no program" }) } });
    expect(await invoke(lambda, "none")).toMatchObject({
      errorType: "Runtime.InvalidEntrypoint",
      errorMessage: expect.stringContaining("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"),
    });
  });

  test("for Node.js stay processes, unless all are to be in containers", async () => {
    const { lambda } = emulator;
    const handler = "export const handler = async () => process.env.LANGUAGE_IMAGE ?? 'a process';";
    await createFunction(lambda, "node", handler);
    expect(await invoke(lambda, "node")).toBe("a process");
    expect(await containersOf("node")).toEqual([]);

    await using other = await startTestEmulator({
      lambdaExecutor: "docker",
      lambdaRuntimeImages: { "nodejs24.x": language.image },
    });
    await createFunction(other.lambda, "contained", handler);
    expect((await tell(other.lambda, "contained")).environment).toMatchObject({
      LANGUAGE_IMAGE: "yes",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    });
  });

  test("are Failed where the image of their runtime cannot be had", async () => {
    const creation = create("ruby", { Runtime: "ruby3.4", Code: { ZipFile: zipOf({ "app.rb": "" }) } });
    await expect(creation).rejects.toThrow("FAILURE");
    const { Configuration } = await emulator.lambda.send(new GetFunctionCommand({ FunctionName: "ruby" }));
    expect(Configuration).toMatchObject({
      State: "Failed",
      StateReason: expect.stringContaining(`Source image ${missing} does not exist.`),
    });
  });
});
