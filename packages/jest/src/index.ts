import "./extend.ts";
import type { LocalEmu } from "@localemu/testkit";
import { joinFileWorld } from "./file-world.ts";

export type {
  AttachedHandler,
  BucketHandle,
  FunctionHandle,
  ListenOptions,
  LocalEmu,
  MappingHandle,
  QueueHandle,
  QueueMessage,
  QueueOptions,
  StreamHandle,
  StreamRecord,
  TopicHandle,
} from "@localemu/testkit";
export type { ExpectedFailedBatch, LocalEmuMatchers, Match } from "@localemu/testkit/matchers";
export type { LocalEmuIsolation, LocalEmuRuntime, RunnerOptions as LocalEmuOptions } from "@localemu/testkit/runner";

/**
 * The world of the test file. It goes when the file ends: nothing is to be closed. Importing it throws an Error where the file
 * does not run in the environment of this package.
 *
 * @example
 * ```ts
 * import { emu } from "@localemu/jest";
 *
 * test("records are kept", async () => {
 *   const stream = await emu.createStream("orders");
 *   await stream.putJson([{ id: 1 }], { partitionKey: "k" });
 *   await expect(stream).toHaveRecordTimes(1);
 * });
 * ```
 */
export const emu: LocalEmu = joinFileWorld(globalThis);
