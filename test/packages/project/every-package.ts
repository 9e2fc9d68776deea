import { ControlClient, type TimelineEntry, describeTimelineEvent } from "@localemu/control";
import { type EmulatorOptions, startEmulator } from "@localemu/emulator";
import { createLambdaRuntime } from "@localemu/lambda-runtime";
import { runHandler } from "@localemu/runtime-client";
import { LocalEmuContainer } from "@localemu/testcontainers";
import { type DeployEntryOptions, type LocalEmu, startLocalEmu } from "@localemu/testkit";
import { toHaveRecord } from "@localemu/testkit/matchers";
import { useLocalEmu } from "@localemu/testkit/node";
import { connect } from "@localemu/vitest";
import environment, { type LocalEmuEnvironmentOptions } from "@localemu/vitest/environment";

export const options: EmulatorOptions = { clock: "frozen" };
export type All = readonly [LocalEmu, TimelineEntry, DeployEntryOptions, LocalEmuEnvironmentOptions];
export const values = [
  ControlClient,
  describeTimelineEvent,
  startEmulator,
  createLambdaRuntime,
  runHandler,
  LocalEmuContainer,
  startLocalEmu,
  toHaveRecord,
  useLocalEmu,
  connect,
  environment,
];
