import { expect, test } from "vitest";
import { describeTimelineEvent } from "./describe-timeline-event.ts";
import type { TimelineEvent } from "./timeline.ts";

const mapping = { mapping: "6a3f41c2-0000-4000-8000-000000000000", functionName: "orders-fn" };
const shard = { ...mapping, stream: "orders", shardId: "shardId-000000000012" };
const run = {
  ...shard,
  records: 50,
  from: "49590338271490256608559692538361571095921575989136588898",
  to: "49590338271490256608559692540925702759324208523137515618",
};
const queue = { ...mapping, queue: "orders" };
const messages = { ...queue, records: 3, messageIds: ["m-1", "m-2", "m-3"] };
const window = { ...shard, start: Date.UTC(2026, 0, 1, 7, 4), end: Date.UTC(2026, 0, 1, 7, 6) };
const destination = "arn:aws:sqs:us-east-1:000000000000:orders-dlq";
const requestId = "8f2c1d34-0000-4000-8000-000000000000";

const subscription = { stream: "orders", region: "us-east-1", shardId: "shardId-000000000000", consumer: "app" };
const resharded = { type: "stream.resharded", stream: "orders", region: "us-east-1" } as const;

/** One or more events of every type: a type that is missing here does not compile. */
const events: { readonly [Type in TimelineEvent["type"]]: readonly (TimelineEvent & { readonly type: Type })[] } = {
  "queue.messageSent": [
    {
      type: "queue.messageSent",
      queue: "jobs",
      region: "us-east-1",
      messageId: "3f1e0d2c-0000-4000-8000-000000000000",
    },
  ],
  "topic.published": [
    {
      type: "topic.published",
      topic: "alerts",
      region: "us-east-1",
      messageId: "4f1e0d2c-0000-4000-8000-000000000000",
    },
  ],
  "bucket.objectPut": [{ type: "bucket.objectPut", bucket: "failures", key: "a/b.json" }],
  "bucket.objectDeleted": [{ type: "bucket.objectDeleted", bucket: "failures", key: "a/b.json" }],
  "notification.failed": [
    {
      type: "notification.failed",
      from: "topic orders",
      destination: "arn:aws:lambda:us-east-1:000000000000:function:gone",
      error: "ResourceNotFoundException: Function not found",
    },
  ],
  "fault.injected": [
    {
      type: "fault.injected",
      service: "kinesis",
      operation: "PutRecord",
      caller: "client",
      fault: "fault-1",
      code: "X",
    },
    {
      type: "fault.injected",
      service: "lambda",
      operation: "Invoke",
      caller: "mapping",
      fault: "fault-2",
      latencyMs: 5,
      code: "X",
    },
    { type: "fault.injected", service: "sns", operation: "Publish", caller: "event", fault: "fault-4", code: "X" },
    { type: "fault.injected", service: "s3", operation: "GetObject", caller: "client", fault: "fault-3", latencyMs: 7 },
  ],
  "stream.created": [
    { type: "stream.created", stream: "orders", region: "us-east-1", shards: 1 },
    { type: "stream.created", stream: "orders", region: "us-east-1", shards: 2 },
  ],
  "stream.deleted": [{ type: "stream.deleted", stream: "orders", region: "us-east-1" }],
  "stream.resharded": [
    { ...resharded, closed: ["shardId-000000000000"], opened: ["shardId-000000000001", "shardId-000000000002"] },
    { ...resharded, closed: ["shardId-000000000001", "shardId-000000000002"], opened: ["shardId-000000000003"] },
    { ...resharded, closed: Array.from({ length: 5 }, String), opened: Array.from({ length: 10 }, String) },
  ],
  "stream.subscribed": [{ type: "stream.subscribed", ...subscription }],
  "stream.subscriptionEnded": [{ type: "stream.subscriptionEnded", ...subscription }],
  "table.created": [{ type: "table.created", table: "orders", region: "us-east-1" }],
  "table.deleted": [{ type: "table.deleted", table: "orders", region: "us-east-1" }],
  "table.streamEnabled": [
    {
      type: "table.streamEnabled",
      table: "orders",
      region: "us-east-1",
      stream: "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-01-01T00:00:00.000",
      viewType: "NEW_IMAGE",
    },
  ],
  "table.streamDisabled": [{ type: "table.streamDisabled", table: "orders", region: "us-east-1" }],
  "table.itemChanged": [
    {
      type: "table.itemChanged",
      table: "orders",
      region: "us-east-1",
      change: "INSERT",
      sequenceNumber: "1767225600000000000000000001",
    },
  ],
  "stream.recordsPut": [
    { type: "stream.recordsPut", stream: "orders", region: "us-east-1", records: 1, shardId: "shardId-000000000000" },
    { type: "stream.recordsPut", stream: "orders", region: "us-east-1", records: 3 },
  ],
  "function.created": [{ type: "function.created", functionName: "orders-fn", region: "us-east-1" }],
  "function.updated": [{ type: "function.updated", functionName: "orders-fn", region: "us-east-1" }],
  "function.deleted": [{ type: "function.deleted", functionName: "orders-fn", region: "us-east-1" }],
  "function.inactive": [{ type: "function.inactive", functionName: "orders-fn", region: "us-east-1", version: "7" }],
  "function.environmentStarted": [
    { type: "function.environmentStarted", functionName: "orders-fn", environment: "0b1c2d3e4f" },
  ],
  "function.environmentReady": [
    { type: "function.environmentReady", functionName: "orders-fn", environment: "0b1c2d3e4f", initMs: 41.7 },
  ],
  "function.environmentInitFailed": [
    {
      type: "function.environmentInitFailed",
      functionName: "orders-fn",
      environment: "0b1c2d3e4f",
      error: "Runtime.ExitError",
      output: ["[lambda 0b1c2d3e4f] no such library"],
    },
  ],
  "function.environmentStopped": [
    { type: "function.environmentStopped", functionName: "orders-fn", environment: "0b1c2d3e4f", reason: "idle" },
  ],
  "function.invoked": [{ type: "function.invoked", functionName: "orders-fn", requestId }],
  "function.returned": [
    { type: "function.returned", functionName: "orders-fn", requestId, durationMs: 12.2 },
    { type: "function.returned", functionName: "orders-fn", requestId, durationMs: 3012, error: "Error: poison" },
  ],
  "function.eventRetryScheduled": [
    {
      type: "function.eventRetryScheduled",
      functionName: "orders-fn",
      requestId,
      reason: "functionError",
      delayMs: 60_000,
      error: "Error: poison",
    },
  ],
  "function.eventDropped": [
    {
      type: "function.eventDropped",
      functionName: "orders-fn",
      requestId,
      condition: "RetriesExhausted",
      error: "Error: poison",
    },
  ],
  "function.eventReported": [
    { type: "function.eventReported", functionName: "orders-fn", requestId, condition: "Success", destination },
  ],
  "function.eventReportFailed": [
    {
      type: "function.eventReportFailed",
      functionName: "orders-fn",
      requestId,
      destination,
      error: "The specified queue does not exist.",
    },
  ],
  "mapping.stateChanged": [{ ...mapping, type: "mapping.stateChanged", state: "Enabled" }],
  "mapping.problem": [{ ...mapping, type: "mapping.problem", message: "the function does not exist" }],
  "mapping.batchStarted": [
    { ...run, type: "mapping.batchStarted", attempt: 1 },
    { ...messages, type: "mapping.batchStarted", attempt: 2 },
  ],
  "mapping.batchSucceeded": [
    { ...run, type: "mapping.batchSucceeded", requestId },
    { ...messages, type: "mapping.batchSucceeded", requestId },
  ],
  "mapping.batchFailed": [
    { ...run, type: "mapping.batchFailed", requestId, attempt: 1, kind: "unhandled", error: "Error: poison" },
    { ...run, type: "mapping.batchFailed", requestId, attempt: 1, kind: "timeout" },
    { ...messages, type: "mapping.batchFailed", requestId, attempt: 1, kind: "timeout" },
  ],
  "mapping.partialFailure": [
    { ...run, type: "mapping.partialFailure", requestId, retryFrom: run.to },
    { ...messages, type: "mapping.partialFailure", requestId, failed: ["m-2"] },
  ],
  "mapping.notInvoked": [
    { ...run, type: "mapping.notInvoked", reason: "throttled" },
    { ...messages, type: "mapping.notInvoked", reason: "throttled" },
  ],
  "mapping.bisected": [{ ...run, type: "mapping.bisected", left: 25, right: 25 }],
  "mapping.retryScheduled": [
    { ...run, type: "mapping.retryScheduled", attempt: 2, delayMs: 50 },
    { ...run, type: "mapping.retryScheduled", attempt: 3, delayMs: 1500 },
    { ...run, type: "mapping.retryScheduled", attempt: 9, delayMs: 300_000 },
    { ...run, type: "mapping.retryScheduled", attempt: 12, delayMs: 7_200_000 },
    { ...messages, type: "mapping.retryScheduled", attempt: 2, delayMs: 25 },
  ],
  "mapping.recordsExpired": [{ ...run, records: 2, type: "mapping.recordsExpired" }],
  "mapping.recordsDiscarded": [
    { ...run, records: 1, type: "mapping.recordsDiscarded", condition: "RetryAttemptsExhausted", invokeCount: 3 },
    { ...run, type: "mapping.recordsDiscarded", condition: "RecordAgeExceeded", invokeCount: 1 },
  ],
  "mapping.failureReported": [
    { ...run, records: 1, type: "mapping.failureReported", destination },
    { ...run, type: "mapping.failureReported", destination: "arn:aws:s3:::orders-failures" },
  ],
  "mapping.failureReportFailed": [
    { ...run, type: "mapping.failureReportFailed", destination, error: "The specified queue does not exist." },
  ],
  "mapping.windowOpened": [{ ...window, type: "mapping.windowOpened" }],
  "mapping.windowClosing": [
    { ...window, type: "mapping.windowClosing", attempt: 1, early: false },
    { ...window, type: "mapping.windowClosing", attempt: 2, early: true },
  ],
  "mapping.windowClosed": [{ ...window, type: "mapping.windowClosed", requestId }],
  "mapping.windowTerminatedEarly": [
    { ...window, type: "mapping.windowTerminatedEarly", requestId, stateBytes: 1_048_577 },
  ],
  "mapping.windowFailed": [
    { ...window, type: "mapping.windowFailed", attempt: 1, kind: "missingState", requestId },
    { ...window, type: "mapping.windowFailed", attempt: 2, kind: "unhandled", requestId, error: "Error: poison" },
  ],
  "mapping.windowNotInvoked": [{ ...window, type: "mapping.windowNotInvoked", reason: "throttled" }],
  "mapping.windowRetryScheduled": [{ ...window, type: "mapping.windowRetryScheduled", attempt: 2, delayMs: 50 }],
  "mapping.windowDiscarded": [
    { ...window, type: "mapping.windowDiscarded", condition: "RetryAttemptsExhausted", invokeCount: 3 },
  ],
  "mapping.checkpointMoved": [
    { ...shard, type: "mapping.checkpointMoved", sequenceNumber: run.to },
    { ...shard, type: "mapping.checkpointMoved", sequenceNumber: "SHARD_END" },
  ],
  "mapping.recordsFiltered": [
    { ...shard, type: "mapping.recordsFiltered", filteredOut: 1, records: 1 },
    { ...shard, type: "mapping.recordsFiltered", filteredOut: 3, records: 5 },
    { ...queue, type: "mapping.recordsFiltered", filteredOut: 1, records: 3, messageIds: ["m-1"] },
  ],
  "mapping.trimmed": [
    { ...shard, type: "mapping.trimmed", lost: run.from },
    { ...shard, type: "mapping.trimmed", lost: undefined },
  ],
  "mapping.readFailed": [
    { ...shard, type: "mapping.readFailed", reason: "transient", attempt: 1, delayMs: 25, error: "try again" },
    { ...queue, type: "mapping.readFailed", reason: "denied", attempt: 1, delayMs: 25, error: "access denied" },
  ],
  "mapping.laneStopped": [{ ...shard, type: "mapping.laneStopped", unfinished: 1 }],
  "mapping.shardEnded": [{ ...shard, type: "mapping.shardEnded" }],
  "mapping.shardGone": [{ ...shard, type: "mapping.shardGone" }],
  "mapping.consumerStopped": [
    { ...shard, type: "mapping.consumerStopped" },
    { ...queue, type: "mapping.consumerStopped" },
  ],
  "mapping.messagesLeft": [{ ...messages, type: "mapping.messagesLeft", visibleInMs: 30_000 }],
  "mapping.messagesReturned": [{ ...messages, type: "mapping.messagesReturned" }],
  "mapping.messagesNotDeleted": [{ ...messages, type: "mapping.messagesNotDeleted" }],
  "mapping.messagesRedriven": [{ ...messages, type: "mapping.messagesRedriven", deadLetterQueue: destination }],
  "mapping.concurrencyRaised": [{ ...queue, type: "mapping.concurrencyRaised", concurrency: 6 }],
  "mapping.queueGone": [{ ...queue, type: "mapping.queueGone" }],
  "access.judged": [
    {
      type: "access.judged",
      outcome: "wouldBeDenied",
      caller: "arn:aws:sts::000000000000:assumed-role/r/fn",
      action: "kinesis:PutRecord",
      resource: "arn:aws:kinesis:us-east-1:000000000000:stream/s",
      message: "User: r is not authorized",
      notes: ["there is no role arn:aws:iam::000000000000:role/r"],
    },
  ],
  "call.failed": [
    {
      type: "call.failed",
      service: "kinesis",
      operation: "PutRecord",
      code: "ResourceNotFoundException",
      message: "Stream orders under account 000000000000 not found.",
    },
    {
      type: "call.failed",
      service: "lambda",
      operation: "CreateEventSourceMapping",
      code: "InvalidParameterValueException",
      message: "Invalid filter pattern definition.",
      reason: "Empty arrays are not allowed",
    },
  ],
  internalError: [
    { type: "internalError", where: "kinesis PutRecord", message: "the log is closed", stack: "Error: …" },
  ],
  "clock.changed": [{ type: "clock.changed", mode: "frozen", now: 1_767_225_600_000 }],
  "world.reset": [{ type: "world.reset" }],
};

test("every event has its line", () => {
  const lines = Object.values(events).flat().map(describeTimelineEvent);

  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "queue jobs ← message 3f1e0d2c
    topic alerts ← message 4f1e0d2c
    bucket failures ← a/b.json
    bucket failures: a/b.json deleted
    topic orders could not notify arn:aws:lambda:us-east-1:000000000000:function:gone: ResourceNotFoundException: Function not found
    kinesis:PutRecord fails with X (fault-1)
    lambda:Invoke of an event source mapping waits 5 ms, then fails with X (fault-2)
    sns:Publish of an asynchronous invocation fails with X (fault-4)
    s3:GetObject waits 7 ms (fault-3)
    stream orders created with 1 shard
    stream orders created with 2 shards
    stream orders deleted
    orders shard 0 → shard 1 + 2
    orders shard 1 + 2 → shard 3
    orders 5 shards → 10 shards
    app subscribed to orders shard 0
    app's subscription to orders shard 0 ended
    table orders created
    table orders deleted
    table orders: stream of NEW_IMAGE enabled
    table orders: stream disabled
    table orders ← INSERT
    orders shard 0 ← 1 record
    orders ← 3 records
    function orders-fn created
    function orders-fn updated
    function orders-fn deleted
    function orders-fn version 7 is Inactive: nobody has invoked it for 14 days
    orders-fn environment 0b1c2d3e started
    orders-fn environment 0b1c2d3e ready after 42 ms
    orders-fn environment 0b1c2d3e failed to start: Runtime.ExitError
    [lambda 0b1c2d3e4f] no such library
    orders-fn environment 0b1c2d3e stopped: idle
    orders-fn invoked (request 8f2c1d34)
    orders-fn returned after 12 ms (request 8f2c1d34)
    orders-fn failed after 3 s (request 8f2c1d34): Error: poison
    orders-fn event tried again in 60 s (request 8f2c1d34, functionError): Error: poison
    orders-fn event dropped (request 8f2c1d34, RetriesExhausted): Error: poison
    orders-fn event reported to arn:aws:sqs:us-east-1:000000000000:orders-dlq (request 8f2c1d34, Success)
    orders-fn event not reported to arn:aws:sqs:us-east-1:000000000000:orders-dlq (request 8f2c1d34): The specified queue does not exist.
    orders-fn mapping 6a3f41c2: Enabled
    orders-fn mapping 6a3f41c2: the function does not exist
    orders-fn ← orders shard 12: batch of 50 (attempt 1)
    orders-fn ← queue orders: batch of 3 (attempt 2)
    orders-fn ← orders shard 12: batch of 50 succeeded
    orders-fn ← queue orders: batch of 3 succeeded
    orders-fn ← orders shard 12: batch of 50 failed: Error: poison
    orders-fn ← orders shard 12: batch of 50 failed: timeout
    orders-fn ← queue orders: batch of 3 failed: timeout
    orders-fn ← orders shard 12: batch of 50 failed from …523137515618 on
    orders-fn ← queue orders: 1 of a batch of 3 failed
    orders-fn ← orders shard 12: batch of 50 not invoked: throttled
    orders-fn ← queue orders: batch of 3 not invoked: throttled
    orders-fn ← orders shard 12: batch of 50 bisected into 25 + 25
    orders-fn ← orders shard 12: retry 2 in 50 ms
    orders-fn ← orders shard 12: retry 3 in 1.5 s
    orders-fn ← orders shard 12: retry 9 in 5 min
    orders-fn ← orders shard 12: retry 12 in 2 h
    orders-fn ← queue orders: retry in 25 ms
    orders-fn ← orders shard 12: 2 records too old
    orders-fn ← orders shard 12: gave up on 1 record (RetryAttemptsExhausted after 3 invokes)
    orders-fn ← orders shard 12: gave up on 50 records (RecordAgeExceeded after 1 invoke)
    orders-fn ← orders shard 12: DLQ orders-dlq ← 1 record
    orders-fn ← orders shard 12: DLQ orders-failures ← 50 records
    orders-fn ← orders shard 12: DLQ orders-dlq did not take 50 records: The specified queue does not exist.
    orders-fn ← orders shard 12: window 07:04:00 to 07:06:00 opened
    orders-fn ← orders shard 12: window 07:04:00 to 07:06:00 closing (attempt 1)
    orders-fn ← orders shard 12: window 07:04:00 to 07:06:00 terminating early (attempt 2)
    orders-fn ← orders shard 12: window 07:04:00 to 07:06:00 closed
    orders-fn ← orders shard 12: window 07:04:00 to 07:06:00 terminated early with a state of 1048577 bytes
    orders-fn ← orders shard 12: window 07:04:00 to 07:06:00 not closed: missingState
    orders-fn ← orders shard 12: window 07:04:00 to 07:06:00 not closed: Error: poison
    orders-fn ← orders shard 12: window 07:04:00 to 07:06:00 not closed, not invoked: throttled
    orders-fn ← orders shard 12: window 07:04:00 to 07:06:00 closing again (attempt 2) in 50 ms
    orders-fn ← orders shard 12: window 07:04:00 to 07:06:00 given up (RetryAttemptsExhausted after 3 invokes)
    orders-fn ← orders shard 12: checkpoint …523137515618
    orders-fn ← orders shard 12: checkpoint SHARD_END
    orders-fn ← orders shard 12: 1 of 1 record filtered out
    orders-fn ← orders shard 12: 3 of 5 records filtered out
    orders-fn ← queue orders: 1 of 3 messages filtered out and deleted
    orders-fn ← orders shard 12: records after …989136588898 were trimmed before they were read
    orders-fn ← orders shard 12: records were trimmed before they were read
    orders-fn ← orders shard 12: not read (transient): try again; again in 25 ms
    orders-fn ← queue orders: not received (denied): access denied; again in 25 ms
    orders-fn ← orders shard 12: stopped with 1 unfinished record
    orders-fn ← orders shard 12: end of the shard
    orders-fn ← orders shard 12: the shard is gone
    orders-fn ← orders shard 12: consumer stopped
    orders-fn ← queue orders: consumer stopped
    orders-fn ← queue orders: 3 messages visible again in 30 s
    orders-fn ← queue orders: 3 messages returned unsent
    orders-fn ← queue orders: 3 messages no longer in flight when processed
    orders-fn ← queue orders: DLQ orders-dlq ← 3 messages received too often
    orders-fn ← queue orders: up to 6 batches side by side
    orders-fn ← queue orders: the queue is gone
    AWS would deny: User: r is not authorized (there is no role arn:aws:iam::000000000000:role/r)
    kinesis PutRecord failed: ResourceNotFoundException: Stream orders under account 000000000000 not found.
    lambda CreateEventSourceMapping failed: InvalidParameterValueException: Invalid filter pattern definition. (Empty arrays are not allowed)
    internal error in kinesis PutRecord: the log is closed
    clock frozen at 2026-01-01T00:00:00.000Z
    world reset"
  `);
});
