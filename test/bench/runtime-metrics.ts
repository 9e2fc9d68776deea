import { createFunction, lambdaClient } from "./functions.ts";
import { createClient } from "./kinesis-client.ts";
import type { Client } from "./kinesis-client.ts";
import type { Effort, Sample } from "./metrics.ts";
import { startLambdaLocal, startServerlessOffline } from "./function-peers.ts";
import type { FunctionPeers, Peer } from "./function-peers.ts";
import { startServer } from "./process-under-test.ts";
import { median, durationsInTurns, sustainedCallsPerSecond } from "./statistics.ts";

const event = '{"n":1}';

/** Something that functions can be invoked at. */
interface Target {
  readonly name: string;
  readonly client: Client;
  invoke(index: number): Promise<unknown>;
}

/**
 * Invocations of functions that have not run before, that have, and of 16 callers together: beside a bare Runtime API with child
 * processes, and beside what `peers` has: others' programs, and the official client on a bare Runtime API.
 */
export async function measureRuntime(
  number: number,
  effort: Effort,
  peers: FunctionPeers | undefined,
): Promise<Sample[]> {
  await using scope = new AsyncDisposableStack();
  const emulator = await startServer("emulator");
  scope.defer(() => emulator.stop());
  const bare = await startServer("bare runtime");
  scope.defer(() => bare.stop());
  const lambda = lambdaClient(emulator.endpoint);
  scope.defer(() => lambda.destroy());
  for (let index = 0; index < effort.colds; index++) await createFunction(lambda, `f${index}`);
  const path = (index: number): string => `/2015-03-31/functions/f${index}/invocations`;
  const own = targetOf("emulator", { endpoint: emulator.endpoint, path }, scope);
  const others = [targetOf("bare runtime", { endpoint: bare.endpoint, path }, scope)];
  if (peers !== undefined) {
    const offline = scope.use(await startServerlessOffline(peers.directory, effort.colds));
    const local = scope.use(await startLambdaLocal(peers.directory));
    others.push(targetOf("serverless-offline", offline, scope), targetOf("lambda-local", local, scope));
  }
  if (peers?.officialClient !== undefined) {
    const official = await startServer("bare runtime", { CLIENT: peers.officialClient });
    scope.defer(() => official.stop());
    others.push(targetOf("aws-lambda-ric", { endpoint: official.endpoint, path }, scope));
  }
  const all = number % 2 === 0 ? [own, ...others] : [...others.toReversed(), own];
  const colds = await coldInvokes(all, effort.colds);
  const warms = await durationsInTurns(
    all.map((target) => () => target.invoke(0)),
    { count: effort.calls, warmUp: effort.calls / 2 },
  );
  const rates: number[] = [];
  const { concurrentMs: ms } = effort;
  for (const target of all) {
    rates.push(await sustainedCallsPerSecond(() => target.invoke(0), { callers: 16, warmUpMs: 2 * ms, ms }));
  }
  const of = (values: readonly number[], target: Target): number => values[all.indexOf(target)] ?? Number.NaN;
  const compared = (metric: string, unit: Sample["unit"], values: readonly number[]): Sample[] =>
    others.map((other) => ({
      metric,
      unit,
      emulator: of(values, own),
      against: other.name,
      yardstick: of(values, other),
    }));
  return [
    ...compared("cold invoke, p50", "ms", colds),
    ...compared("warm invoke, p50", "ms", warms),
    ...compared("16 concurrent invokes", "calls/s", rates),
  ];
}

function targetOf(name: string, peer: Pick<Peer, "endpoint" | "path">, scope: AsyncDisposableStack): Target {
  const client = createClient(peer.endpoint);
  scope.defer(() => client.close());
  return { name, client, invoke: (index) => client.post(peer.path(index), event) };
}

/** Each function's first invocation, on all in turns. */
async function coldInvokes(targets: readonly Target[], count: number): Promise<number[]> {
  const durations = targets.map((): number[] => []);
  for (let index = 0; index < count; index++) {
    for (const [at, target] of targets.entries()) {
      const begin = performance.now();
      await target.invoke(index);
      durations[at]?.push(performance.now() - begin);
    }
  }
  return durations.map(median);
}
