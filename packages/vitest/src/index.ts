import "./extend.ts";
export { connect, startLocalEmu, type StartLocalEmuOptions } from "@localemu/testkit";
export type {
  BucketHandle,
  DeployEntryOptions,
  FunctionHandle,
  ListenOptions,
  LocalEmu,
  MappingHandle,
  QueueHandle,
  QueueMessage,
  QueueOptions,
  StreamHandle,
  StreamRecord,
  TableChange,
  TableHandle,
  TableOptions,
  TopicHandle,
} from "@localemu/testkit";
export type { ExpectedFailedBatch, LocalEmuMatchers, Match } from "@localemu/testkit/matchers";
export { test } from "./test.ts";
