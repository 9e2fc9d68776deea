import type { LocalEmuContainer } from "@localemu/testcontainers";
import { Network } from "testcontainers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import { createFunction, invoke } from "../emulator/functions.ts";
import { zipOf } from "../lambda/zips.ts";
import { hasDocker, inspect, testContainer } from "./container.ts";
import { buildOwnRuntime, containersOf, createImageFunction, ownRuntime, tell } from "./function-image.ts";

describe.runIf(hasDocker)("an emulator in a container", () => {
  let own: ReturnType<typeof buildOwnRuntime>;

  beforeAll(() => {
    own = buildOwnRuntime();
  }, 120_000);

  afterAll(() => own.remove());

  test("runs images in containers beside it, in its network, with its session", async () => {
    await using network = await new Network().start();
    await using container = await testContainer().withNetwork(network).withDockerLambdaExecutor().start();
    const { lambda } = clientsOf(container.emu);
    await createImageFunction(lambda, "beside", own.image);
    const { environment } = await tell(lambda, "beside");
    const address = container.getIpAddress(network.getName());
    expect(environment).toMatchObject({
      AWS_LAMBDA_RUNTIME_API: expect.stringMatching(new RegExp(`^${address}:[0-9]+$`)),
      AWS_ENDPOINT_URL: `http://${address}:4566`,
    });
    expect(await invoke(lambda, "beside", { action: "createQueue" })).toMatchObject({
      QueueUrl: `http://${address}:4566/000000000000/orders`,
    });
    const [beside, ...others] = await containersOf("beside");
    expect(others).toEqual([]);
    const session = "org.testcontainers.session-id";
    const { Config } = await inspect(container.getId());
    expect(beside?.Labels).toMatchObject({ "org.testcontainers": "true", [session]: Config.Labels[session] });
    expect(Object.keys(beside?.NetworkSettings.Networks ?? {})).toEqual([network.getName()]);

    await container.stop();
    expect(await containersOf("beside")).toEqual([]);
  });

  test("copies code into containers of a runtime's image", async () => {
    await using container = await testContainer()
      .withDockerLambdaExecutor()
      .withEnvironment({ LAMBDA_RUNTIME_IMAGE_MAPPING: '{"provided.al2023": "node:24-bookworm-slim"}' })
      .start();
    const { lambda } = clientsOf(container.emu);
    const files = { bootstrap: '#!/bin/sh\nexec node runtime.mjs "$_HANDLER"\n', "runtime.mjs": ownRuntime };
    await createFunction(lambda, "copied", "", {
      Runtime: "provided.al2023",
      Code: { ZipFile: zipOf(files, 0o100755) },
    });
    expect(await tell(lambda, "copied")).toMatchObject({ arguments: ["index.handler"], directory: "/var/task" });
    expect(await containersOf("copied")).toHaveLength(1);
  });

  test("takes a socket that is mounted as given to be used", async () => {
    await using container = await withSocket().withUser("root").start();
    const { lambda } = clientsOf(container.emu);
    await createImageFunction(lambda, "mounted", own.image);
    expect(await invoke(lambda, "mounted", { action: "tell" })).toMatchObject({ environment: expect.anything() });
  });

  test.each([
    { that: "has no engine", made: () => testContainer() },
    { that: "is to leave it", made: () => withSocket().withUser("root").withEnvironment({ LOCALEMU_DOCKER: "0" }) },
  ])("refuses images where it $that", async ({ made }) => {
    expect(await refusal(made())).not.toContain("Docker engine");
  });

  test("refuses images where it may not open the socket, and says so", async () => {
    expect(await refusal(withSocket())).toContain(
      "LocalEmu uses no Docker engine: no Docker engine answers at unix:///var/run/docker.sock (connect EACCES /var/run/docker.sock); run the container with --group-add ",
    );
  });

  /** What the emulator has logged, where it has refused an image. */
  async function refusal(made: LocalEmuContainer): Promise<string> {
    let log = "";
    const container = await made
      .withLogConsumer((stream) => stream.on("data", (text: unknown) => (log += String(text))))
      .start();
    const { lambda } = clientsOf(container.emu);
    await expect(createImageFunction(lambda, "refused", own.image)).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: expect.stringContaining("with the option docker (LOCALEMU_DOCKER=1)"),
    });
    // The log has come to its end then.
    await container.stop();
    return log;
  }
});

/** With nothing but the engine's socket, as `docker run --volume` mounts it. */
function withSocket(): LocalEmuContainer {
  const path = "/var/run/docker.sock";
  return testContainer().withBindMounts([{ source: path, target: path }]);
}
