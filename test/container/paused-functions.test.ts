import { DeleteFunctionCommand } from "@aws-sdk/client-lambda";
import { startEmulator } from "@localemu/emulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Command } from "../emulator/command-line.ts";
import { clientsAt, startTestEmulator } from "../emulator/emulator.ts";
import { hasDocker } from "./container.ts";
import { buildOwnRuntime, containersOf, createImageFunction, tell } from "./function-image.ts";

const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const soon = { docker: true, dockerPauseMs: 1 };

describe.runIf(hasDocker)("containers of idle functions", () => {
  let own: ReturnType<typeof buildOwnRuntime>;

  beforeAll(() => {
    own = buildOwnRuntime();
  }, 120_000);

  afterAll(() => own.remove());

  async function paused(name: string): Promise<void> {
    const states = async () => (await containersOf(name)).map(({ State }) => State);
    await expect.poll(states, { timeout: 20_000 }).toEqual(["paused"]);
  }

  test("are paused, go on for the next invocation, and end as others do", async () => {
    await using emulator = await startTestEmulator(soon);
    const { lambda } = emulator;
    await createImageFunction(lambda, "frozen", own.image);
    const { instance } = await tell(lambda, "frozen");
    await paused("frozen");
    expect((await tell(lambda, "frozen")).instance).toBe(instance);
    await paused("frozen");
    await lambda.send(new DeleteFunctionCommand({ FunctionName: "frozen" }));
    await expect.poll(() => containersOf("frozen"), { timeout: 20_000 }).toEqual([]);
  });

  test("are removed while they are paused: by a stop, and where the host ends without waiting", async () => {
    const stopped = await startTestEmulator(soon);
    await createImageFunction(stopped.lambda, "stopped-frozen", own.image);
    await tell(stopped.lambda, "stopped-frozen");
    await paused("stopped-frozen");
    await stopped[Symbol.asyncDispose]();
    expect(await containersOf("stopped-frozen")).toEqual([]);

    const cut = await startEmulator(soon);
    const { lambda } = clientsAt({ endpoint: cut.endpoint, credentials });
    await createImageFunction(lambda, "cut-frozen", own.image);
    await tell(lambda, "cut-frozen");
    await paused("cut-frozen");
    cut.killFunctions();
    await expect.poll(() => containersOf("cut-frozen"), { timeout: 20_000 }).toEqual([]);
    await cut.stop();
  });

  test("are removed by the next emulator when theirs was killed", async () => {
    await using killed = new Command(["start", "--port", "0"], { LOCALEMU_DOCKER: "1", LOCALEMU_DOCKER_PAUSE_MS: "1" });
    const { lambda } = clientsAt({ endpoint: await killed.ready, credentials });
    await createImageFunction(lambda, "orphan-frozen", own.image);
    await tell(lambda, "orphan-frozen");
    await paused("orphan-frozen");
    killed.signal("SIGKILL");
    await killed.ended;
    await paused("orphan-frozen");

    await using next = await startTestEmulator(soon);
    await createImageFunction(next.lambda, "next-frozen", own.image);
    await tell(next.lambda, "next-frozen");
    expect(await containersOf("orphan-frozen")).toEqual([]);
  });
});
