import type { LocalEmuIsolation, RunnerOptions } from "@localemu/testkit/runner";
import { assertRunnerOptions } from "@localemu/testkit/runner";

/** What a project's configuration has in `testEnvironmentOptions.localemu`. Throws an Error for a value that no option has. */
export function optionsOf(testEnvironmentOptions: Readonly<Record<string, unknown>>): RunnerOptions {
  const { localemu = {} } = testEnvironmentOptions;
  if (typeof localemu !== "object" || localemu === null) {
    throw new Error(`testEnvironmentOptions.localemu must be an object, not ${JSON.stringify(localemu)}`);
  }
  assertRunnerOptions(localemu, "testEnvironmentOptions.localemu");
  return localemu;
}

const clocks = ["running", "frozen", "auto"] as const;
const isolations: readonly LocalEmuIsolation[] = ["file", "test", "none"];

/** The options of a file: those of its project, and those of its first comment, such as `@localemu-clock frozen`. */
export function fileOptions(
  testEnvironmentOptions: Readonly<Record<string, unknown>>,
  pragmas: Readonly<Record<string, string | readonly string[]>>,
): RunnerOptions {
  const options = optionsOf(testEnvironmentOptions);
  const clock = pragma(pragmas, "localemu-clock", clocks);
  const isolation = pragma(pragmas, "localemu-isolation", isolations);
  return { ...options, ...(clock !== undefined && { clock }), ...(isolation !== undefined && { isolation }) };
}

function pragma<Value extends string>(
  pragmas: Readonly<Record<string, string | readonly string[]>>,
  name: string,
  known: readonly Value[],
): Value | undefined {
  const given = pragmas[name];
  if (given === undefined) return undefined;
  const value = known.find((candidate) => candidate === given);
  if (value === undefined) throw new Error(`@${name} must be one of ${known.join(", ")}, not ${JSON.stringify(given)}`);
  return value;
}

/** Tells Jest's workers, by their environment, where the run's emulator is. */
const endpointVariable = "LOCALEMU_JEST_ENDPOINT";

export function announceEndpoint(environment: NodeJS.ProcessEnv, endpoint: string | undefined): void {
  if (endpoint === undefined) delete environment[endpointVariable];
  else environment[endpointVariable] = endpoint;
}

/** Throws an Error where the global setup has not run. */
export function announcedEndpoint(environment: NodeJS.ProcessEnv): string {
  const endpoint = environment[endpointVariable];
  if (endpoint !== undefined) return endpoint;
  throw new Error(
    'LocalEmu was not started: set preset: "@localemu/jest" in the configuration of Jest, or call the functions of @localemu/jest/global-setup and @localemu/jest/global-teardown in your own',
  );
}
