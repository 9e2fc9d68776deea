export { type AttachableHandler, AttachedHandler, type AttachHandlerOptions } from "./attach-handler.ts";
export type { TimelineEntry } from "@localemu/control";
export { BucketHandle, type BucketObject } from "./bucket-handle.ts";
export { connect, startLocalEmu, type StartLocalEmuOptions } from "./connect.ts";
export type { FunctionBatch, FunctionInvocation } from "./delivered.ts";
export type { DeployEntryOptions } from "./deploy-entry/deploy-entry.ts";
export { type BatchResult, evaluateBatchResult } from "./events/evaluate-batch-result.ts";
export {
  type KinesisEvent,
  type KinesisEventOptions,
  type KinesisEventRecord,
  kinesisEvent,
} from "./events/kinesis-event.ts";
export { type SqsEvent, type SqsEventOptions, type SqsEventRecord, sqsEvent } from "./events/sqs-event.ts";
export {
  type DynamoDbEvent,
  type DynamoDbEventOptions,
  type DynamoDbEventRecord,
  type ItemChange,
  dynamoDbEvent,
} from "./events/dynamodb-event.ts";
export { FunctionHandle, type InvokeAnswer } from "./function-handle.ts";
export type { ListenOptions } from "./listen-options.ts";
export { type ClientConfig, type KinesisClientConfig, LocalEmu } from "./local-emu.ts";
export { MappingHandle } from "./mapping-handle.ts";
export type { MappingProgress, ShardProgress } from "./mapping-progress.ts";
export { QueueHandle, type QueueMessage, type QueueOptions, type SendOptions } from "./queue-handle.ts";
export { type PutResult, type RecordToPut, type StreamCursor, StreamHandle } from "./stream-handle.ts";
export type { StreamRecord } from "./stream-shards.ts";
export type { TableChange } from "./table-changes.ts";
export { type KeyAttribute, TableHandle, type TableOptions } from "./table-handle.ts";
export type { AttributeMap, PlainItem, PlainValue } from "./table-values.ts";
export { type PublishOptions, TopicHandle, type TopicMessage, type TopicOptions } from "./topic-handle.ts";
