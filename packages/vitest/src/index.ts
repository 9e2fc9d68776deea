export { connect, startLocalEmu, type StartLocalEmuOptions } from "@localemu/testkit";
export type { LocalEmu, QueueHandle, QueueMessage, QueueOptions, StreamHandle, StreamRecord } from "@localemu/testkit";
export type { ExpectedFailedBatch, LocalEmuMatchers, Match } from "@localemu/testkit/matchers";
export { test } from "./test.ts";
