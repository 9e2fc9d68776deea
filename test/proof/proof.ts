/**
 * What LocalEmu promises to suites of tests, tried often and measured: `npm run proof`, or `npm run proof -- container` for
 * one of the parts pipelines, embedded and container.
 *
 * LOCALEMU_PROOF_RUNS is how often the parallel files run, 20 by default. The container is of the image LOCALEMU_IMAGE, or of
 * the one that the packages name; without a Docker engine that part is left out.
 */
import { LocalEmuContainer } from "@localemu/testcontainers";
import { connect, startLocalEmu } from "@localemu/testkit";
import type { LocalEmu } from "@localemu/testkit";
import { getContainerRuntimeClient } from "testcontainers";
import type { Installation } from "../packages/installation.ts";
import { installPackages } from "../packages/installation.ts";
import { parallelFiles, runParallelFiles } from "./parallel-files.ts";
import { measuredSuites, project } from "./vitest-run.ts";

const runs = Number(process.env["LOCALEMU_PROOF_RUNS"] ?? 20);

/** Every run uses the same emulator; none may leave a world in it. Gives how many failed. */
async function proveParallelFiles(installation: Installation, kind: string, emu: LocalEmu): Promise<number> {
  let failed = 0;
  const began = performance.now();
  for (let run = 1; run <= runs; run++) {
    const failure = await runParallelFiles(installation, emu.endpoint);
    const left = (await emu.control.worlds()).map(({ name }) => name).filter((name) => name !== "default");
    if (failure !== undefined || left.length > 0) {
      failed++;
      say(`run ${run} on ${kind} failed; worlds left: ${left.join(", ") || "none"}\n${failure}`);
    }
    await emu.reset();
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(
    `${parallelFiles} parallel files on one ${kind}: ${runs - failed} of ${runs} runs without cross-talk, ${seconds} s`,
  );
  return failed;
}

async function proveEmbedded(installation: Installation): Promise<number> {
  await using emu = await startLocalEmu();
  return await proveParallelFiles(installation, "embedded emulator", emu);
}

async function proveContainer(installation: Installation): Promise<number> {
  try {
    await getContainerRuntimeClient();
  } catch {
    say("no Docker engine answers: nothing was tried on a container");
    return 0;
  }
  await using container = await new LocalEmuContainer().start();
  await using emu = await connect(container.getEndpoint());
  return await proveParallelFiles(installation, "container", emu);
}

async function measurePipelines(installation: Installation): Promise<number> {
  const times: { readonly pipelines: number; readonly byHand: number }[] = [];
  let failed = 0;
  for (let run = 0; run < 4; run++) {
    const suites = await measuredSuites(installation, "pipelines/pipelines.ts");
    failed += Object.values(suites).reduce((sum, suite) => sum + suite.failed, 0);
    // The first run warms up.
    if (run > 0)
      times.push({ pipelines: suites["pipelines"]?.durationMs ?? 0, byHand: suites["by hand"]?.durationMs ?? 0 });
  }
  const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
  const [pipelines, byHand] = [median(times.map((time) => time.pipelines)), median(times.map((time) => time.byHand))];
  say(
    `50 tests of pipelines: ${(pipelines / 1000).toFixed(2)} s, ${(pipelines / 50).toFixed(1)} ms a test; ` +
      `stream, put and handler by hand: ${(byHand / 50).toFixed(1)} ms; ratio ${(pipelines / byHand).toFixed(1)}`,
  );
  return failed + (pipelines < 10_000 ? 0 : 1);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const parts = { pipelines: measurePipelines, embedded: proveEmbedded, container: proveContainer };
const wanted = process.argv.slice(2);
await using installation = await installPackages(project);
let failures = 0;
for (const [name, prove] of Object.entries(parts)) {
  if (wanted.length === 0 || wanted.includes(name)) failures += await prove(installation);
}
process.exitCode = failures === 0 ? 0 : 1;
