import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Installation, installPackages } from "../packages/installation.ts";
import { runVitest } from "../packages/vitest-command.ts";
import { hasDocker, inspect } from "./container.ts";

describe.runIf(hasDocker)("the plugin of Vitest", () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await installPackages();
    installation.add("esbuild");
  });

  afterAll(() => installation[Symbol.asyncDispose]());

  test.for([
    ["container", "plugin/{container,files}/*.ts", 5],
    ["auto", "plugin/container/*.ts", 1],
  ] as const)("starts a container with runtime %s, and stops it", async ([runtime, tests, files]) => {
    const variables = { LOCALEMU_IMAGE: inject("image") };
    const { code, output } = await runVitest(installation, { options: { runtime }, tests, variables });
    expect(output).toMatch(new RegExp(`Test Files\\s+${files} passed \\(${files}\\)`));
    expect(code).toBe(0);
    // Its host name is the first part of its id.
    const [, id = ""] = /functions run on ([0-9a-f]{12})\n/.exec(output) ?? [];
    await expect(inspect(id)).rejects.toThrow(/no such container/i);
  });
});
