import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CreateStreamCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import { getContainerRuntimeClient } from "testcontainers";
import { expect, inject, onTestFinished, test } from "vitest";
import { hasDocker } from "./container.ts";

const defaults = { IMAGE: "", PORT: "0", ENVIRONMENT: "", "TIMEOUT-SECONDS": "60" };

/** What GitHub's runner does for an action: inputs as variables, and files for what it tells. */
function runner(inputs: Partial<typeof defaults>) {
  const directory = mkdtempSync(join(tmpdir(), "localemu-action-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const told = (channel: string): Record<string, string> =>
    Object.fromEntries(
      readFileSync(join(directory, channel), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
  const channels = ["GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STATE"] as const;
  for (const channel of channels) writeFileSync(join(directory, channel), "");
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const channel of channels) env[channel] = join(directory, channel);
  for (const [name, value] of Object.entries({ ...defaults, ...inputs })) env[`INPUT_${name}`] = value;
  const step = (file: string, more: NodeJS.ProcessEnv = {}) =>
    new Promise<{ readonly code: number | null; readonly output: string }>((resolve) => {
      const path = fileURLToPath(new URL(`../../container-image/github-action/${file}`, import.meta.url));
      const child = execFile(process.execPath, [path], { env: { ...env, ...more } }, (_, output) =>
        resolve({ code: child.exitCode, output }),
      );
    });
  return { told, start: () => step("start.mjs"), stop: () => step("stop.mjs", { STATE_container: stateOf(told) }) };
}

function stateOf(told: (channel: string) => Record<string, string>): string {
  return told("GITHUB_STATE")["container"] ?? "";
}

async function exists(id: string): Promise<boolean> {
  const { container } = await getContainerRuntimeClient();
  return container
    .getById(id)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}

test.runIf(hasDocker)(
  "the action starts a container for the steps that follow, and removes it after the job",
  async () => {
    const { told, start, stop } = runner({
      IMAGE: inject("image"),
      ENVIRONMENT: "LOCALEMU_REGION=eu-west-1\nLOCALEMU_CLOCK=frozen\n",
    });
    const started = await start();
    const { endpoint, "container-id": id = "" } = told("GITHUB_OUTPUT");
    expect(started).toEqual({ code: 0, output: `LocalEmu answers at ${endpoint}\n` });
    const environment = told("GITHUB_ENV");
    expect(environment).toMatchObject({
      LOCALEMU_ENDPOINT: endpoint,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: "eu-west-1",
    });
    const credentials = {
      accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    };
    const kinesis = new KinesisClient({ endpoint: endpoint ?? "", region: "eu-west-1", credentials });
    await kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));

    const stopped = await stop();
    expect(stopped.code).toBe(0);
    expect(stopped.output).toMatch(
      /^::group::LocalEmu's log\n::stop-commands::(\S+)\n[^]*Ready\.\n::\1::\n::endgroup::\n$/,
    );
    expect(await exists(id)).toBe(false);
  },
);

test.runIf(hasDocker)("a wrong option fails the step with the emulator's own words", async () => {
  const { told, start, stop } = runner({ IMAGE: inject("image"), ENVIRONMENT: "LOCALEMU_REGION=nowhere" });
  const { code, output } = await start();
  expect(code).toBe(1);
  expect(output).toContain("::error title=LocalEmu::the container ended before it answered; its log is above\n");
  expect((await stop()).code).toBe(0);
  expect(await exists(stateOf(told))).toBe(false);
});

test.runIf(hasDocker).each([
  [{ PORT: "http" }, 'port must be a whole number from 0 to 65535, not "http"'],
  [{ "TIMEOUT-SECONDS": "" }, 'timeout-seconds must be a whole number from 0 to 3600, not ""'],
  [{ ENVIRONMENT: "frozen" }, 'environment has lines NAME=value, not "frozen"'],
])("an input that cannot be is named: %j", async (inputs, message) => {
  expect(await runner(inputs).start()).toEqual({ code: 1, output: `::error title=LocalEmu::${message}\n` });
});
