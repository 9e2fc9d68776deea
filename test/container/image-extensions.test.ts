import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DeleteFunctionCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import { invoke } from "../emulator/functions.ts";
import { hasDocker } from "./container.ts";
import { buildExtendedRuntime, containersOf, createImageFunction } from "./function-image.ts";

test.runIf(hasDocker)(
  "extensions in an image share network and /tmp with the function, and are told of its life",
  async () => {
    const extended = buildExtendedRuntime();
    try {
      await using emulator = await startTestEmulator({ docker: true, dockerPauseMs: 0 });
      const { lambda, logs } = emulator;
      const lines = async (): Promise<string[]> => {
        const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: "/aws/lambda/extended" }));
        return events.map(({ message = "" }) => message.trim());
      };
      await createImageFunction(lambda, "extended", extended.image);
      for (const [name, port] of [
        ["first", 9001],
        ["second", 9002],
      ] as const) {
        expect(await invoke(lambda, "extended", { action: "read", path: `/tmp/${name}` })).toBe(`of ${name}`);
        expect(await invoke(lambda, "extended", { action: "ask", url: `http://localhost:${port}` })).toBe(name);
      }
      expect(await containersOf("extended")).toHaveLength(3);
      const told = expect.stringMatching(/^first was told INVOKE [0-9a-f-]{36}$/);
      await expect
        .poll(lines, { timeout: 20_000 })
        .toEqual(expect.arrayContaining([told, "first has telemetry", "second has telemetry"]));

      await lambda.send(new DeleteFunctionCommand({ FunctionName: "extended" }));
      await expect
        .poll(lines, { timeout: 20_000 })
        .toEqual(expect.arrayContaining(["first was told SHUTDOWN spindown", "second was told SHUTDOWN spindown"]));
      await expect.poll(() => containersOf("extended"), { timeout: 20_000 }).toEqual([]);
    } finally {
      extended.remove();
    }
  },
  120_000,
);
