import { describeFault, describeJudgement } from "./describe-gates.ts";
import type {
  FunctionEvent,
  MessagingEvent,
  QueueMappingEvent,
  ServiceEvent,
  StreamEvent,
  StreamMappingEvent,
  TableEvent,
  TimelineEvent,
} from "./timeline.ts";

/** Shards are named where there are no more than these. */
const mostNamed = 4;

/**
 * One readable line for a thing that happened, without its time. The texts are stable: they may be compared in tests.
 *
 * @example
 * ```ts
 * describeTimelineEvent(entry); // "orders-fn ← orders shard 0: batch of 50 (attempt 1)"
 * ```
 */
export function describeTimelineEvent(event: TimelineEvent): string {
  switch (event.type) {
    case "stream.created":
    case "stream.deleted":
    case "stream.resharded":
    case "stream.subscribed":
    case "stream.subscriptionEnded":
    case "stream.recordsPut":
      return describeStreamEvent(event);
    case "table.created":
    case "table.deleted":
    case "table.streamEnabled":
    case "table.streamDisabled":
    case "table.itemChanged":
      return describeTableEvent(event);
    case "function.created":
    case "function.updated":
    case "function.deleted":
    case "function.inactive":
    case "function.environmentStarted":
    case "function.environmentReady":
    case "function.environmentInitFailed":
    case "function.environmentStopped":
    case "function.invoked":
    case "function.returned":
    case "function.eventRetryScheduled":
    case "function.eventDropped":
    case "function.eventReported":
    case "function.eventReportFailed":
      return describeFunctionEvent(event);
    case "mapping.stateChanged":
      return `${event.functionName} mapping ${short(event.mapping)}: ${event.state}`;
    case "mapping.problem":
      return `${event.functionName} mapping ${short(event.mapping)}: ${event.message}`;
    case "queue.messageSent":
    case "topic.published":
    case "bucket.objectPut":
    case "bucket.objectDeleted":
    case "notification.failed":
      return describeMessagingEvent(event);
    case "access.judged":
    case "call.failed":
    case "fault.injected":
    case "internalError":
    case "clock.changed":
    case "world.reset":
      return describeServiceEvent(event);
    case "mapping.batchStarted":
    case "mapping.batchSucceeded":
    case "mapping.batchFailed":
    case "mapping.partialFailure":
    case "mapping.notInvoked":
    case "mapping.bisected":
    case "mapping.retryScheduled":
    case "mapping.recordsExpired":
    case "mapping.recordsDiscarded":
    case "mapping.failureReported":
    case "mapping.failureReportFailed":
    case "mapping.windowOpened":
    case "mapping.windowClosing":
    case "mapping.windowClosed":
    case "mapping.windowTerminatedEarly":
    case "mapping.windowFailed":
    case "mapping.windowNotInvoked":
    case "mapping.windowRetryScheduled":
    case "mapping.windowDiscarded":
    case "mapping.checkpointMoved":
    case "mapping.recordsFiltered":
    case "mapping.trimmed":
    case "mapping.readFailed":
    case "mapping.laneStopped":
    case "mapping.shardEnded":
    case "mapping.shardGone":
    case "mapping.consumerStopped":
    case "mapping.messagesLeft":
    case "mapping.messagesReturned":
    case "mapping.messagesNotDeleted":
    case "mapping.messagesRedriven":
    case "mapping.concurrencyRaised":
    case "mapping.queueGone":
      return "queue" in event
        ? `${event.functionName} ← queue ${event.queue}: ${describeQueueEvent(event)}`
        : `${event.functionName} ← ${event.stream} ${shard(event.shardId)}: ${describeShardEvent(event)}`;
    default:
      return describeUnknownEvent(event);
  }
}

function describeStreamEvent(event: StreamEvent): string {
  switch (event.type) {
    case "stream.created":
      return `stream ${event.stream} created with ${count(event.shards, "shard")}`;
    case "stream.deleted":
      return `stream ${event.stream} deleted`;
    case "stream.resharded":
      return `${event.stream} ${shards(event.closed)} → ${shards(event.opened)}`;
    case "stream.subscribed":
      return `${event.consumer} subscribed to ${event.stream} ${shard(event.shardId)}`;
    case "stream.subscriptionEnded":
      return `${event.consumer}'s subscription to ${event.stream} ${shard(event.shardId)} ended`;
    case "stream.recordsPut": {
      const place = event.shardId === undefined ? "" : ` ${shard(event.shardId)}`;
      return `${event.stream}${place} ← ${count(event.records, "record")}`;
    }
    default:
      return describeUnknownEvent(event);
  }
}

function describeFunctionEvent(event: FunctionEvent): string {
  const name = event.functionName;
  switch (event.type) {
    case "function.created":
      return `function ${name} created`;
    case "function.updated":
      return `function ${name} updated`;
    case "function.deleted":
      return `function ${name} deleted`;
    case "function.inactive":
      return `function ${name} version ${event.version} is Inactive: nobody has invoked it for 14 days`;
    case "function.environmentStarted":
      return `${name} environment ${short(event.environment)} started`;
    case "function.environmentReady":
      return `${name} environment ${short(event.environment)} ready after ${duration(event.initMs)}`;
    case "function.environmentInitFailed":
      return [`${name} environment ${short(event.environment)} failed to start: ${event.error}`, ...event.output].join(
        "\n",
      );
    case "function.environmentStopped":
      return `${name} environment ${short(event.environment)} stopped: ${event.reason}`;
    case "function.invoked":
      return `${name} invoked (request ${short(event.requestId)})`;
    case "function.returned": {
      const outcome = event.error === undefined ? "returned" : "failed";
      const error = event.error === undefined ? "" : `: ${event.error}`;
      return `${name} ${outcome} after ${duration(event.durationMs)} (request ${short(event.requestId)})${error}`;
    }
    case "function.eventRetryScheduled":
      return `${name} event tried again in ${duration(event.delayMs)} (request ${short(event.requestId)}, ${event.reason}): ${event.error}`;
    case "function.eventDropped":
      return `${name} event dropped (request ${short(event.requestId)}, ${event.condition}): ${event.error}`;
    case "function.eventReported":
      return `${name} event reported to ${event.destination} (request ${short(event.requestId)}, ${event.condition})`;
    case "function.eventReportFailed":
      return `${name} event not reported to ${event.destination} (request ${short(event.requestId)}): ${event.error}`;
    default:
      return describeUnknownEvent(event);
  }
}

function describeShardEvent(event: StreamMappingEvent): string {
  switch (event.type) {
    case "mapping.batchStarted":
      return `batch of ${event.records} (attempt ${event.attempt})`;
    case "mapping.batchSucceeded":
      return `batch of ${event.records} succeeded`;
    case "mapping.batchFailed":
      return `batch of ${event.records} failed: ${event.error ?? event.kind}`;
    case "mapping.partialFailure":
      return `batch of ${event.records} failed from ${sequence(event.retryFrom)} on`;
    case "mapping.notInvoked":
      return `batch of ${event.records} not invoked: ${event.reason}`;
    case "mapping.bisected":
      return `batch of ${event.records} bisected into ${event.left} + ${event.right}`;
    case "mapping.retryScheduled":
      return `retry ${event.attempt} in ${duration(event.delayMs)}`;
    case "mapping.recordsExpired":
      return `${count(event.records, "record")} too old`;
    case "mapping.recordsDiscarded":
      return `gave up on ${count(event.records, "record")} (${event.condition} after ${count(event.invokeCount, "invoke")})`;
    case "mapping.failureReported":
      return `DLQ ${resourceName(event.destination)} ← ${count(event.records, "record")}`;
    case "mapping.failureReportFailed":
      return `DLQ ${resourceName(event.destination)} did not take ${count(event.records, "record")}: ${event.error}`;
    case "mapping.windowOpened":
    case "mapping.windowClosing":
    case "mapping.windowClosed":
    case "mapping.windowTerminatedEarly":
    case "mapping.windowFailed":
    case "mapping.windowNotInvoked":
    case "mapping.windowRetryScheduled":
    case "mapping.windowDiscarded":
      return `window ${time(event.start)} to ${time(event.end)} ${describeWindowEvent(event)}`;
    case "mapping.checkpointMoved":
      return `checkpoint ${sequence(event.sequenceNumber)}`;
    case "mapping.recordsFiltered":
      return `${event.filteredOut} of ${count(event.records, "record")} filtered out`;
    case "mapping.trimmed":
      return event.lost === undefined
        ? "records were trimmed before they were read"
        : `records after ${sequence(event.lost)} were trimmed before they were read`;
    case "mapping.readFailed":
      return `not read (${event.reason}): ${event.error}; again in ${duration(event.delayMs)}`;
    case "mapping.laneStopped":
      return `stopped with ${count(event.unfinished, "unfinished record")}`;
    case "mapping.shardEnded":
      return "end of the shard";
    case "mapping.shardGone":
      return "the shard is gone";
    case "mapping.consumerStopped":
      return "consumer stopped";
    default:
      return describeUnknownEvent(event);
  }
}

function describeWindowEvent(event: Extract<StreamMappingEvent, { readonly start: number }>): string {
  switch (event.type) {
    case "mapping.windowOpened":
      return "opened";
    case "mapping.windowClosing":
      return `${event.early ? "terminating early" : "closing"} (attempt ${event.attempt})`;
    case "mapping.windowClosed":
      return "closed";
    case "mapping.windowTerminatedEarly":
      return `terminated early with a state of ${count(event.stateBytes, "byte")}`;
    case "mapping.windowFailed":
      return `not closed: ${event.error ?? event.kind}`;
    case "mapping.windowNotInvoked":
      return `not closed, not invoked: ${event.reason}`;
    case "mapping.windowRetryScheduled":
      return `closing again (attempt ${event.attempt}) in ${duration(event.delayMs)}`;
    case "mapping.windowDiscarded":
      return `given up (${event.condition} after ${count(event.invokeCount, "invoke")})`;
    default:
      return describeUnknownEvent(event);
  }
}

function describeQueueEvent(event: QueueMappingEvent): string {
  switch (event.type) {
    case "mapping.batchStarted":
      return `batch of ${event.records} (attempt ${event.attempt})`;
    case "mapping.batchSucceeded":
      return `batch of ${event.records} succeeded`;
    case "mapping.batchFailed":
      return `batch of ${event.records} failed: ${event.error ?? event.kind}`;
    case "mapping.partialFailure":
      return `${event.failed.length} of a batch of ${event.records} failed`;
    case "mapping.notInvoked":
      return `batch of ${event.records} not invoked: ${event.reason}`;
    case "mapping.retryScheduled":
      return `retry in ${duration(event.delayMs)}`;
    case "mapping.messagesLeft":
      return `${count(event.records, "message")} visible again in ${duration(event.visibleInMs)}`;
    case "mapping.messagesReturned":
      return `${count(event.records, "message")} returned unsent`;
    case "mapping.messagesNotDeleted":
      return `${count(event.records, "message")} no longer in flight when processed`;
    case "mapping.messagesRedriven":
      return `DLQ ${resourceName(event.deadLetterQueue)} ← ${count(event.records, "message")} received too often`;
    case "mapping.recordsFiltered":
      return `${event.filteredOut} of ${count(event.records, "message")} filtered out and deleted`;
    case "mapping.concurrencyRaised":
      return `up to ${count(event.concurrency, "batch", "batches")} side by side`;
    case "mapping.readFailed":
      return `not received (${event.reason}): ${event.error}; again in ${duration(event.delayMs)}`;
    case "mapping.queueGone":
      return "the queue is gone";
    case "mapping.consumerStopped":
      return "consumer stopped";
    default:
      return describeUnknownEvent(event);
  }
}

function describeTableEvent(event: TableEvent): string {
  switch (event.type) {
    case "table.created":
      return `table ${event.table} created`;
    case "table.deleted":
      return `table ${event.table} deleted`;
    case "table.streamEnabled":
      return `table ${event.table}: stream of ${event.viewType} enabled`;
    case "table.streamDisabled":
      return `table ${event.table}: stream disabled`;
    case "table.itemChanged":
      return `table ${event.table} ← ${event.change}`;
    default:
      return describeUnknownEvent(event);
  }
}

function describeMessagingEvent(event: MessagingEvent): string {
  switch (event.type) {
    case "queue.messageSent":
      return `queue ${event.queue} ← message ${short(event.messageId)}`;
    case "topic.published":
      return `topic ${event.topic} ← message ${short(event.messageId)}`;
    case "bucket.objectPut":
      return `bucket ${event.bucket} ← ${event.key}`;
    case "bucket.objectDeleted":
      return `bucket ${event.bucket}: ${event.key} deleted`;
    case "notification.failed":
      return `${event.from} could not notify ${event.destination}: ${event.error}`;
    default:
      return describeUnknownEvent(event);
  }
}

function describeServiceEvent(event: ServiceEvent): string {
  switch (event.type) {
    case "call.failed": {
      const reason = event.reason === undefined ? "" : ` (${event.reason})`;
      return `${event.service} ${event.operation} failed: ${event.code}: ${event.message}${reason}`;
    }
    case "access.judged":
      return describeJudgement(event);
    case "fault.injected":
      return describeFault(event);
    case "internalError":
      return `internal error in ${event.where}: ${event.message}`;
    case "clock.changed":
      return `clock ${event.mode} at ${new Date(event.now).toISOString()}`;
    case "world.reset":
      return "world reset";
    default:
      return describeUnknownEvent(event);
  }
}

/** A type that is missing above does not compile; one that a newer server sends is shown as it came. */
function describeUnknownEvent(event: never): string {
  return JSON.stringify(event);
}

function count(amount: number, thing: string, things = `${thing}s`): string {
  return `${amount} ${amount === 1 ? thing : things}`;
}

/** `shard 3` for `shardId-000000000003`. */
function shard(shardId: string): string {
  return shardId.replace(/^shardId-0*(?=\d)/, "shard ");
}

/** `shard 3`, `shard 1 + 2`, or how many there are. */
function shards(shardIds: readonly string[]): string {
  if (shardIds.length > mostNamed) return count(shardIds.length, "shard");
  return `shard ${shardIds.map((shardId) => shard(shardId).replace("shard ", "")).join(" + ")}`;
}

/** The end of a sequence number: its 56 digits differ there. */
function sequence(sequenceNumber: string): string {
  return /^\d{13,}$/.test(sequenceNumber) ? `…${sequenceNumber.slice(-12)}` : sequenceNumber;
}

/** Ids and UUIDs are told apart by their first eight characters. */
function short(id: string): string {
  return id.slice(0, 8);
}

/** The last part of an ARN. */
function resourceName(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}

/** The time of day in UTC, to the second. */
function time(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${round(ms / 60_000)} min`;
  return `${round(ms / 3_600_000)} h`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
