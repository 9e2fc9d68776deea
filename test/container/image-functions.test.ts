import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import {
  DeleteFunctionCommand,
  GetFunctionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { startEmulator } from "@localemu/emulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Command } from "../emulator/command-line.ts";
import { clientsAt, startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { invoke } from "../emulator/functions.ts";
import { hasDocker } from "./container.ts";
import {
  buildClientRuntime,
  buildOwnRuntime,
  buildShellRuntime,
  containersOf,
  createImageFunction,
  tell,
} from "./function-image.ts";

describe.runIf(hasDocker)("functions that are container images", () => {
  let own: ReturnType<typeof buildOwnRuntime>;
  let client: ReturnType<typeof buildClientRuntime>;
  let shell: ReturnType<typeof buildShellRuntime>;
  let emulator: TestEmulator;

  beforeAll(async () => {
    own = buildOwnRuntime();
    shell = buildShellRuntime();
    client = buildClientRuntime();
    emulator = await startTestEmulator({ docker: true, dockerPauseMs: 0 });
  }, 120_000);

  afterAll(async () => {
    await emulator[Symbol.asyncDispose]();
    own.remove();
    shell.remove();
    client.remove();
  }, 60_000);

  test("run with AWS's variables and their own, and stay warm", async () => {
    const { lambda } = emulator;
    const created = await createImageFunction(lambda, "told", own.image, {
      MemorySize: 256,
      Environment: { Variables: { TABLE: "orders" } },
    });
    expect(created).toMatchObject({ PackageType: "Image", State: "Pending", CodeSize: 0 });
    expect(created).not.toHaveProperty("Runtime");
    expect(created).not.toHaveProperty("Handler");
    expect(created).not.toHaveProperty("RuntimeVersionConfig");

    const first = await tell(lambda, "told");
    expect(first).toMatchObject({ arguments: ["index.handler"], directory: "/var/task" });
    expect(first.environment).toMatchObject({
      FROM_IMAGE: "yes",
      TABLE: "orders",
      AWS_LAMBDA_FUNCTION_NAME: "told",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      LAMBDA_TASK_ROOT: "/var/task",
    });
    expect(first.environment).not.toHaveProperty("_HANDLER");
    expect(first.environment).not.toHaveProperty("AWS_EXECUTION_ENV");
    expect((await tell(lambda, "told")).instance).toBe(first.instance);
    expect(await containersOf("told")).toMatchObject([{ State: "running" }]);
  });

  test("run by a shell that speaks the Runtime API by hand", async () => {
    const { lambda, logs } = emulator;
    await createImageFunction(lambda, "shell", shell.image);
    expect(await invoke(lambda, "shell", { text: "größe" })).toEqual({ event: { text: "größe" }, count: 1 });
    expect(await invoke(lambda, "shell", { refuse: true })).toEqual({
      errorType: "Shell.Refused",
      errorMessage: "as it was told",
    });
    expect(await invoke(lambda, "shell", {})).toEqual({ event: {}, count: 3 });
    await expect.poll(() => linesOf(logs, "shell")).toContain('has {"refuse":true}\n');
  });

  test("show their image by name and by digest", async () => {
    const { lambda } = emulator;
    await createImageFunction(lambda, "shown", own.image);
    const { Code, Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: "shown" }));
    expect(Code).toMatchObject({ RepositoryType: "ECR", ImageUri: own.image });
    expect(Code?.ResolvedImageUri).toMatch(/^localemu-test\/own-runtime@sha256:[0-9a-f]{64}$/);
    expect(Code?.ResolvedImageUri).toContain(Configuration?.CodeSha256);
    expect(Configuration).not.toHaveProperty("ImageConfigResponse");
  });

  test("fail as others do: by their error, their time and their exit, each time answered", async () => {
    const { lambda } = emulator;
    await createImageFunction(lambda, "failing", own.image, { Timeout: 3 });
    expect(await invoke(lambda, "failing", { action: "fail" })).toEqual({
      errorType: "TypeError",
      errorMessage: "no such order",
    });
    const { instance } = await tell(lambda, "failing");
    expect(await invoke(lambda, "failing", { action: "hang" })).toMatchObject({
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(/Task timed out after 3\.00 seconds$/),
    });
    const second = await tell(lambda, "failing");
    expect(second.instance).not.toBe(instance);
    expect(await invoke(lambda, "failing", { action: "exit" })).toMatchObject({
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringMatching(/Runtime exited with error: exit status 3$/),
    });
    expect((await tell(lambda, "failing")).instance).not.toBe(second.instance);
  });

  test("log what they write to both outputs", async () => {
    const { lambda, logs } = emulator;
    await createImageFunction(lambda, "logging", own.image);
    await invoke(lambda, "logging", { action: "log" });
    const lines = () => linesOf(logs, "logging");
    await expect.poll(lines).toEqual(expect.arrayContaining(["to standard output\n", "to standard error\n"]));
    expect(await lines()).toEqual(expect.arrayContaining([expect.stringMatching(/^REPORT /)]));
    expect((await lines()).filter((line) => line.startsWith("INIT_START"))).toEqual([]);
  });

  test("are started as ImageConfig says, member by member", async () => {
    const { lambda } = emulator;
    await createImageFunction(lambda, "configured", own.image, {
      ImageConfig: { Command: ["other.handler", "x"], WorkingDirectory: "/tmp" },
    });
    expect(await tell(lambda, "configured")).toMatchObject({ arguments: ["other.handler", "x"], directory: "/tmp" });

    const change = { EntryPoint: ["node", "--no-warnings", "/var/runtime/runtime.mjs"] };
    const changed = await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: "configured", ImageConfig: change }),
    );
    expect(changed.ImageConfigResponse).toEqual({ ImageConfig: change });
    await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName: "configured" });
    expect(await tell(lambda, "configured")).toMatchObject({ arguments: ["index.handler"], directory: "/var/task" });
  });

  test("whose program is not there tell so in AWS's words", async () => {
    const { lambda } = emulator;
    await createImageFunction(lambda, "lost", own.image, { ImageConfig: { EntryPoint: ["/no/such/program"] } });
    expect(await invoke(lambda, "lost")).toMatchObject({
      errorType: "Runtime.InvalidEntrypoint",
      errorMessage: expect.stringMatching(/Error: fork\/exec \/no\/such\/program: no such file or directory$/),
    });
  });

  test("find the emulator under AWS_ENDPOINT_URL", async () => {
    const { lambda, emu } = emulator;
    await createImageFunction(lambda, "calling", own.image);
    expect(await invoke(lambda, "calling", { action: "createQueue" })).toMatchObject({
      QueueUrl: expect.stringMatching(/\/orders$/),
    });
    expect(await emu.queue("orders").messages()).toEqual([]);
  });

  test("run by our runtime client, and by the code of an update", async () => {
    const { lambda } = emulator;
    await createImageFunction(lambda, "updated", own.image);
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: "updated", ImageUri: client.image }));
    await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName: "updated" });
    expect(await invoke(lambda, "updated", { order: 1 })).toEqual({ event: { order: 1 }, name: "updated" });
  });

  test("that cannot be had are Failed, and cannot be invoked", async () => {
    const { lambda } = emulator;
    const missing = "127.0.0.1:1/missing:1";
    await expect(createImageFunction(lambda, "missing", missing)).rejects.toThrow("FAILURE");
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: "missing" }));
    expect(Configuration).toMatchObject({
      State: "Failed",
      StateReasonCode: "InvalidImage",
      StateReason: expect.stringContaining(`Source image ${missing} does not exist.`),
    });
    await expect(invoke(lambda, "missing")).rejects.toMatchObject({
      name: "CodeArtifactUserFailedException",
      message: expect.stringContaining(`Source image ${missing} does not exist.`),
    });
  });

  test("leave no container when they are deleted", async () => {
    const { lambda } = emulator;
    await createImageFunction(lambda, "deleted", own.image);
    await tell(lambda, "deleted");
    await lambda.send(new DeleteFunctionCommand({ FunctionName: "deleted" }));
    await expect.poll(() => containersOf("deleted"), { timeout: 20_000 }).toEqual([]);
  });

  test("leave no container when the emulator stops", async () => {
    const other = await startTestEmulator({ docker: true });
    await createImageFunction(other.lambda, "stopped", own.image);
    await tell(other.lambda, "stopped");
    expect(await containersOf("stopped")).toHaveLength(1);
    await other[Symbol.asyncDispose]();
    expect(await containersOf("stopped")).toEqual([]);
  });

  test("leave no container where the host ends without waiting", async () => {
    const embedded = await startEmulator({ docker: true });
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const { lambda } = clientsAt({ endpoint: embedded.endpoint, credentials });
    await createImageFunction(lambda, "cut", own.image);
    await tell(lambda, "cut");
    embedded.killFunctions();
    await expect.poll(() => containersOf("cut"), { timeout: 20_000 }).toEqual([]);
    await embedded.stop();
  });

  test("are removed by the next emulator when theirs was killed", async () => {
    await using killed = new Command(["start", "--port", "0"], { LOCALEMU_DOCKER: "1" });
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const { lambda, logs } = clientsAt({ endpoint: await killed.ready, credentials });
    await createImageFunction(lambda, "orphan", own.image, { Timeout: 600 });
    await tell(lambda, "orphan");
    const hanging = invoke(lambda, "orphan", { action: "hang" }).catch(() => "cut off");
    await expect.poll(() => linesOf(logs, "orphan")).toContain("hangs\n");
    killed.signal("SIGKILL");
    await killed.ended;
    expect(await hanging).toBe("cut off");
    expect(await containersOf("orphan")).toHaveLength(1);

    await using next = await startTestEmulator({ docker: true });
    await createImageFunction(next.lambda, "next", own.image);
    await tell(next.lambda, "next");
    expect(await containersOf("orphan")).toEqual([]);
  });
});

async function linesOf(logs: CloudWatchLogsClient, name: string): Promise<string[]> {
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` }));
  return events.map(({ message = "" }) => message);
}
