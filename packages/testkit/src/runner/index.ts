/** For packages that tie LocalEmu into a test runner: what Vitest's and Jest's have in common. */
export { setVariables } from "../environment-variables.ts";
export { appendToError, failureTimeline, newestEntry } from "./failure-timeline.ts";
export { type ContainerPackages, openEmulator, type OpenEmulator, runningEndpoint } from "./open-emulator.ts";
export { addressOf, joinWorld, openWorld, type OpenWorld } from "./open-world.ts";
export { assertRunnerOptions, type LocalEmuIsolation, type LocalEmuRuntime, type RunnerOptions } from "./options.ts";
export { runnerMatchers } from "./runner-matchers.ts";
export { addToStepSummary } from "./step-summary.ts";
