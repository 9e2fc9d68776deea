import type { TimelineEntry } from "@localemu/control";
import { LocalEmuContainer } from "@localemu/testcontainers";
import type { LocalEmu } from "@localemu/testkit";
import { expect, inject, test } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { createFunction, invoke } from "../emulator/functions.ts";
import { zipOf } from "../lambda/zips.ts";
import { checkMainJob, mainJobResult } from "../main-job/check-main-job.ts";
import { hasDocker, removeStopped } from "./container.ts";
import { bootstrapAnswering } from "./own-bootstrap.ts";

/** What `docker run --read-only --cap-drop ALL --security-opt no-new-privileges --tmpfs /tmp:<options>` makes. */
class HardenedContainer extends LocalEmuContainer {
  constructor(temporaryFiles: string) {
    super(inject("image"));
    this.hostConfig.ReadonlyRootfs = true;
    this.hostConfig.SecurityOpt = ["no-new-privileges"];
    this.withDroppedCapabilities("ALL").withTmpFs({ "/tmp": temporaryFiles });
  }
}

const surroundings = `
  import { readFileSync, writeFileSync } from "node:fs";
  const status = readFileSync("/proc/self/status", "utf8");
  const valueOf = (name) => status.match(new RegExp("^" + name + ":\\\\s+(\\\\w+)", "m"))?.[1];
  const canWrite = (path) => {
    try {
      writeFileSync(path, "");
      return true;
    } catch {
      return false;
    }
  };
  export const handler = async () => ({
    user: process.getuid(),
    capabilities: Number("0x" + valueOf("CapEff")) + Number("0x" + valueOf("CapBnd")),
    noNewPrivileges: valueOf("NoNewPrivs"),
    writes: ["/opt/localemu/x", "/home/node/x", "/tmp/x"].filter(canWrite),
    foreign: Object.keys(process.env).filter((name) => /^(LOCALEMU_|NODE_VERSION|YARN_|HOSTNAME|HOME)/.test(name)),
  });`;

const echo = bootstrapAnswering("await next.text()");

/** A function with a runtime of its own, which answers each event with itself. */
const ownRuntime = {
  Runtime: "provided.al2023",
  Code: { ZipFile: zipOf({ bootstrap: echo }, 0o100755) },
} as const;

test.runIf(hasDocker)("it runs read-only, without capabilities and not as root", async () => {
  await using container = await new HardenedContainer("exec").start();
  expect(await checkMainJob({ ...clientsOf(container.emu), emu: container.emu })).toEqual(mainJobResult);

  const { output } = await container.exec(["cat", "/opt/localemu/sbom.cdx.json"]);
  expect(JSON.parse(output)).toMatchObject({ bomFormat: "CycloneDX", components: expect.any(Array) });

  const { lambda } = clientsOf(container.emu);
  await createFunction(lambda, "surroundings", surroundings);
  expect(await invoke(lambda, "surroundings")).toEqual({
    user: 1000,
    capabilities: 0,
    noNewPrivileges: "1",
    writes: ["/tmp/x"],
    foreign: [],
  });
  await createFunction(lambda, "echo", "", ownRuntime);
  expect(await invoke(lambda, "echo", { id: 7 })).toEqual({ id: 7 });
});

test.runIf(hasDocker)(
  "where no programs may be started only functions with their own bootstrap are refused",
  async () => {
    await using container = await new HardenedContainer("noexec").start();
    const { lambda } = clientsOf(container.emu);
    await createFunction(lambda, "surroundings", surroundings);
    expect(await invoke(lambda, "surroundings")).toMatchObject({ user: 1000 });
    expect(await failureOf(createFunction(lambda, "echo", "", ownRuntime))).toMatch(
      /^400 InvalidParameterValueException: LocalEmu cannot run functions of the runtime provided\.al2023: .+ --tmpfs \/tmp:exec/,
    );
  },
);

test.runIf(hasDocker)("SIGTERM ends it within two seconds, with an invocation under way", async () => {
  await using container = await new HardenedContainer("exec").start();
  const { lambda } = clientsOf(container.emu);
  await createFunction(
    lambda,
    "endless",
    "export const handler = () => new Promise(() => setInterval(() => {}, 60_000));",
    { Timeout: 60 },
  );
  const outcome = invoke(lambda, "endless").catch((error: unknown) => error);
  await happened(container.emu, "function.invoked");

  const before = performance.now();
  await container.stop({ timeout: 10_000, remove: false });
  const took = performance.now() - before;
  const { State } = await removeStopped(container.getId());
  expect(State.ExitCode).toBe(0);
  expect(took).toBeLessThan(2000);
  expect(await outcome).toBeInstanceOf(Error);
});

async function happened(emu: LocalEmu, type: TimelineEntry["type"]): Promise<void> {
  for await (const entry of emu.control.followTimeline()) if (entry.type === type) return;
}
