import { setTimeout as sleep } from "node:timers/promises";
import { describeTimelineEvent } from "@localemu/control";
import { connect } from "@localemu/testkit";
import type { LocalEmu } from "@localemu/testkit";
import { startServer } from "../bench/process-under-test.ts";
import { ClientProcess } from "./client-process.ts";
import type { Step, WorkName } from "./client.ts";
import { EmulatorProcess } from "./emulator-process.ts";
import type { Holdings } from "./emulator-process.ts";
import { growthProblems, kindsOf, latencyProblems } from "./judge.ts";
import type { KindOfCall } from "./judge.ts";

export interface SoakSettings {
  readonly rounds: number;
  /** Of traffic, milliseconds. */
  readonly roundMs: number;
  readonly seed: number;
  /** Of the emulator. */
  readonly args?: readonly string[];
  /** Hears of each round. */
  readonly tell?: (line: string) => void;
}

export interface SoakReport {
  readonly problems: readonly string[];
  /** Of latency and memory, which a run of seconds cannot tell from noise. */
  readonly slowProblems: readonly string[];
  readonly kinds: readonly KindOfCall[];
  /** Calls that failed because they were to. */
  readonly refused: number;
}

const works: readonly WorkName[] = ["streams", "queuesAndTables", "functions", "worlds"];
const mebibyte = 1024 * 1024;
/** How long it may take until everything has been done, milliseconds. */
const idleMs = 60_000;
/** How long connections and processes may take to end that nobody uses any more, milliseconds; it grows from wait to wait. */
const settleMs = [0, 100, 500, 1000, 2000, 4000, 4000];
/** Connections of clients that are kept alive, or not. */
const spareDescriptors = 8;

/** What is left where there should be nothing. */
interface Rest {
  readonly holdings: Holdings;
  readonly descriptors: number;
  readonly files: number;
}

/** Mixed traffic from four processes, with faults, in rounds; after each the emulator must be as it was. */
export async function soak({ rounds, roundMs, seed, args = [], tell = () => {} }: SoakSettings): Promise<SoakReport> {
  await using emulator = await EmulatorProcess.start(args);
  // Node.js 22 has no AsyncDisposableStack.
  const ends: (() => unknown)[] = [];
  await using opened = {
    async [Symbol.asyncDispose]() {
      for (const end of ends.splice(0).toReversed()) await end();
    },
  };
  const bare = await startServer("yardstick");
  ends.push(() => bare.stop());
  const clients = await Promise.all(
    works.map(async (work, index) => {
      const client = await ClientProcess.start(emulator.endpoint, bare.endpoint, work, seed + index);
      ends.push(() => client[Symbol.asyncDispose]());
      return client;
    }),
  );
  const emu = await connect(emulator.endpoint);
  ends.push(() => emu.close());
  const problems: string[] = [];
  const durations = new Map<string, number[]>();
  const rests: Rest[] = [];
  let refused = 0;

  async function all(step: Step): Promise<void> {
    for (const report of await Promise.all(clients.map((client) => client.take(step)))) {
      problems.push(...report.problems);
      refused += report.refused;
      for (const [kind, values] of Object.entries(report.durations))
        durations.set(kind, [...(durations.get(kind) ?? []), ...values]);
    }
  }

  for (let round = 0; round < rounds; round++) {
    // The first calls load code and start processes.
    if (round === 1) durations.clear();
    await all({ step: "prepare" });
    await all({ step: "run", ms: roundMs });
    problems.push(...(await settled(emu, emulator)));
    await all({ step: "finish" });
    problems.push(...(await emptied(emu)));
    await emu.reset();
    const rest = await restOf(emulator, rests[0]);
    rests.push(rest.rest);
    problems.push(...rest.problems);
    tell(`round ${round + 1}: ${shown(rest.rest)}, ${problems.length} problems`);
  }
  await opened[Symbol.asyncDispose]();
  const pids = emulator.processes();
  emulator.stop();
  const [code, errors] = await emulator.end;
  if (code !== 0 || errors !== "") problems.push(`it ended with code ${code} and said: ${errors}`);
  const left = emulator.files();
  if (pids.length + left.length > 0) problems.push(`left: processes ${pids.join()}, files ${left.join()}`);
  const kinds = kindsOf(durations);
  const held = rests.map(({ holdings }) => holdings);
  return {
    problems,
    slowProblems: [
      ...latencyProblems(kinds),
      ...growthProblems(
        "RSS",
        held.map(({ rss }) => rss / mebibyte),
      ),
      ...growthProblems(
        "heap and buffers",
        held.map(({ heapUsed, external }) => (heapUsed + external) / mebibyte),
      ),
    ],
    kinds,
    refused,
  };
}

/** When the traffic has stopped everything is done at some time, no bug was met, and environments are what there are processes. */
async function settled(emu: LocalEmu, emulator: EmulatorProcess): Promise<readonly string[]> {
  const idle = await emu.idle({ timeoutMs: idleMs });
  const bugs = (await emu.timeline()).filter(({ type }) => type === "internalError");
  const functions = await emu.control.peek.functions();
  const environments = functions.flatMap((one) => one.environments).length;
  const processes = emulator.processes().length;
  return [
    ...(idle.state === "idle" ? [] : [`not idle: ${JSON.stringify(idle)}`]),
    ...bugs.map((bug) => describeTimelineEvent(bug)),
    ...(processes === environments ? [] : [`${processes} processes for ${environments} environments`]),
  ];
}

/** Everything that clients made they have deleted. */
async function emptied(emu: LocalEmu): Promise<readonly string[]> {
  const lists = [
    ["kinesis", "ListStreams", "StreamNames"],
    ["lambda", "ListFunctions", "Functions"],
    ["lambda", "ListEventSourceMappings", "EventSourceMappings"],
    ["sqs", "ListQueues", "QueueUrls"],
    ["dynamodb", "ListTables", "TableNames"],
    ["logs", "DescribeLogGroups", "logGroups"],
  ] as const;
  const problems: string[] = [];
  for (const [service, operation, member] of lists) {
    const { [member]: list = [] } = await emu.control.call(service, operation);
    if (JSON.stringify(list) !== "[]") problems.push(`${operation} still lists ${JSON.stringify(list)}`);
  }
  const worlds = await emu.control.worlds();
  if (worlds.length !== 1) problems.push(`worlds are left: ${worlds.map(({ name }) => name).join()}`);
  return problems;
}

/** What the emulator holds once it has come to rest, compared to what it held after the first round. */
async function restOf(
  emulator: EmulatorProcess,
  first: Rest | undefined,
): Promise<{ readonly rest: Rest; readonly problems: readonly string[] }> {
  let problems: readonly string[] = [];
  let rest: Rest | undefined;
  for (const ms of settleMs) {
    await sleep(ms);
    rest = {
      holdings: await emulator.holdings(),
      descriptors: emulator.descriptors(),
      files: emulator.files().length,
    };
    problems = differences(rest, first ?? rest, emulator.processes());
    if (problems.length === 0) break;
  }
  if (rest === undefined) throw new Error("nothing was looked at");
  return { rest, problems };
}

function differences(rest: Rest, first: Rest, processes: readonly number[]): readonly string[] {
  const kinds = Object.keys({ ...rest.holdings.resources, ...first.holdings.resources });
  const more = kinds.filter(
    (kind) => (rest.holdings.resources[kind] ?? 0) > (first.holdings.resources[kind] ?? 0) + spareOf(kind),
  );
  return [
    ...more.map((kind) => `${kind}: ${rest.holdings.resources[kind]}, was ${first.holdings.resources[kind] ?? 0}`),
    ...(rest.descriptors > first.descriptors + spareDescriptors
      ? [`${rest.descriptors} descriptors, were ${first.descriptors}`]
      : []),
    ...(rest.files > first.files ? [`${rest.files} files, were ${first.files}`] : []),
    ...(processes.length > 0 ? [`processes are left: ${processes.join()}`] : []),
  ];
}

/** Timers and processes are the emulator's own; how many connections are open its clients decide. */
function spareOf(kind: string): number {
  return kind === "Timeout" || kind === "ProcessWrap" ? 0 : spareDescriptors;
}

function shown({ holdings: { rss, heapUsed, external, resources }, descriptors, files }: Rest): string {
  const mib = (bytes: number) => (bytes / mebibyte).toFixed(1);
  const held = Object.entries(resources).map(([kind, count]) => `${kind} ${count}`);
  return `RSS ${mib(rss)}, heap ${mib(heapUsed)}, buffers ${mib(external)} MiB; ${descriptors} descriptors, ${files} files; ${held.join(", ")}`;
}
