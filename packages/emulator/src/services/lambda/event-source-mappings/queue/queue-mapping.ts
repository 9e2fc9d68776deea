import { recordFilter } from "../filter-criteria.ts";
import type { RecordFilter } from "../filter-criteria.ts";
import { sqsView } from "../filter/sqs-view.ts";
import type { QueuedMessage } from "../filter/sqs-view.ts";
import type { MappingOfQueue } from "../mapping.ts";
import type { MappingOptions } from "../mapping-options.ts";
import type { SourceDelay } from "../ports.ts";
import type { RunningMapping } from "../running-mapping.ts";
import type { BatchOutcome } from "./batch.ts";
import { ofMessages } from "./message.ts";
import type { MessageReference } from "./message.ts";
import { evaluateMessageResponse } from "./message-response.ts";
import type { QueueEvent } from "./queue.ts";
import { QueueConsumer } from "./queue-consumer.ts";
import type { QueueFact } from "./queue-notes.ts";
import { queueConsumerSettings } from "./queue-settings.ts";
import type { QueueConsumerSettings } from "./queue-settings.ts";
import type { QueueSource, SourceMessage, SourceReceive } from "./queue-source.ts";
import { sqsEnvelope, sqsEvent } from "./sqs-envelope.ts";
import type { SqsEnvelope } from "./sqs-envelope.ts";

/** A message of the queue, as the machines and the envelope need it. */
interface BatchMessage extends MessageReference {
  readonly receiptHandle: string;
  /** As it stands in the event. */
  readonly record: string;
  readonly traceHeader: string | undefined;
}

/** The consumer of an enabled mapping's queue. */
export class QueueMapping implements RunningMapping {
  readonly #mapping: MappingOfQueue;
  readonly #source: QueueSource;
  readonly #options: MappingOptions;
  readonly #settings: QueueConsumerSettings;
  readonly #envelope: SqsEnvelope;
  readonly #filter: RecordFilter<QueuedMessage> | undefined;
  readonly #consumer: QueueConsumer<BatchMessage>;
  readonly #detach: () => void;

  /** Begins to receive at once. */
  constructor(mapping: MappingOfQueue, source: QueueSource, options: MappingOptions) {
    this.#mapping = mapping;
    this.#source = source;
    this.#options = options;
    const { FilterCriteria } = mapping.configuration;
    const { clock, host, ids, activity, backoff, reportInternalError } = options;
    const settings = queueConsumerSettings(mapping.configuration, {
      fifo: source.fifo,
      backoff: { ...backoff, jitter: ids.fraction() },
    });
    this.#settings = settings;
    this.#filter = FilterCriteria && recordFilter(FilterCriteria, sqsView);
    const windowed = settings.batchingWindowMs > 0;
    this.#envelope = sqsEnvelope({ eventSourceArn: source.arn, region: source.region, windowed });
    this.#detach = source.attach();
    const label = `queue ${source.name} for ${mapping.function.name}`;
    this.#consumer = new QueueConsumer<BatchMessage>({
      label,
      settings,
      clock,
      host,
      activity,
      onBug: (error) => {
        this.#detach();
        reportInternalError(label, error);
      },
      effects: {
        isReceivable: () => source.isReceivable(),
        receive: (max) => {
          const result = source.receive(max);
          return result.kind === "delayed" ? result : this.#received(result);
        },
        onSourceChange: (listener) => source.onChange(listener),
        invoke: (messages) => this.#invoke(messages),
        delete: (messages) => this.#delete(messages),
        leave: (messages) => this.#leave(messages),
        release: (messages) => {
          for (const { receiptHandle } of messages) source.release(receiptHandle);
          this.#tell({ type: "mapping.messagesReturned", ...ofMessages(messages) });
        },
        note: (note) => this.#tell(note),
      },
    });
  }

  /** Resolves when nothing of it is under way any more. */
  async stop(): Promise<void> {
    await this.#consumer.stop();
    this.#detach();
  }

  #received(
    result: Exclude<SourceReceive, SourceDelay>,
  ): Extract<QueueEvent<BatchMessage>, { readonly kind: "received" | "receiveFailed" }> {
    if (result.kind === "gone") return { kind: "receiveFailed", failure: { reason: "gone" } };
    if (result.kind === "refused") {
      const { reason, error } = result;
      return { kind: "receiveFailed", failure: { reason, error } };
    }
    const { messages, redriven } = result;
    for (const [deadLetterQueue, moved] of Map.groupBy(redriven, (message) => message.deadLetterQueue)) {
      this.#tell({ type: "mapping.messagesRedriven", ...ofMessages(moved), deadLetterQueue });
    }
    return {
      kind: "received",
      messages: this.#matching(messages).map((message) => this.#batchMessage(message)),
      taken: messages.length + redriven.length,
    };
  }

  /** AWS: what no filter matches is deleted from the queue at once (AWS docs). */
  #matching(messages: readonly SourceMessage[]): readonly SourceMessage[] {
    const filter = this.#filter;
    if (filter === undefined) return messages;
    const envelope = this.#envelope;
    const matching: SourceMessage[] = [];
    const others: SourceMessage[] = [];
    for (const message of messages) {
      const matches = filter({
        body: message.body,
        get rest() {
          return envelope.metadata(message);
        },
      });
      (matches ? matching : others).push(message);
    }
    if (others.length === 0) return messages;
    for (const { receiptHandle } of others) this.#source.delete(receiptHandle);
    const counts = { filteredOut: others.length, records: messages.length };
    this.#tell({ type: "mapping.recordsFiltered", ...counts, messageIds: ofMessages(others).messageIds });
    return matching;
  }

  #batchMessage(message: SourceMessage): BatchMessage {
    const { messageId, receiptHandle, receiveCount, visibleAt, groupId } = message;
    const record = this.#envelope.record(message);
    return {
      messageId,
      receiptHandle,
      receiveCount,
      visibleAt,
      groupId: this.#source.fifo ? groupId : undefined,
      record,
      traceHeader: message.traceHeader,
      bytes: Buffer.byteLength(record),
    };
  }

  async #invoke(messages: readonly BatchMessage[]): Promise<BatchOutcome> {
    const { function: mapped, region } = this.#mapping;
    const event = sqsEvent(messages.map(({ record }) => record));
    // Assumed: the first message's that has one stands for the batch.
    const traceHeader = messages.find((message) => message.traceHeader !== undefined)?.traceHeader;
    const invoked = await this.#options.ports.invoke(mapped.arn, region, event, traceHeader);
    if (invoked.kind === "notInvoked") return invoked;
    const { requestId, executedVersion } = invoked;
    const invocation = { requestId, executedVersion };
    if (invoked.kind === "functionError") return { ...invoked, invocation };
    if (!this.#settings.reportBatchItemFailures) return { kind: "success", invocation };
    return { ...evaluateMessageResponse(invoked.payload, messages), invocation };
  }

  #delete(messages: readonly BatchMessage[]): void {
    const late = messages.filter(({ receiptHandle }) => !this.#source.delete(receiptHandle));
    if (late.length > 0) this.#tell({ type: "mapping.messagesNotDeleted", ...ofMessages(late) });
  }

  #leave(messages: readonly BatchMessage[]): void {
    const now = this.#options.clock.now();
    const times = messages.map(({ receiptHandle }) => this.#source.visibleAt(receiptHandle) ?? now);
    const visibleInMs = Math.max(0, times.reduce((first, time) => Math.min(first, time)) - now);
    this.#tell({ type: "mapping.messagesLeft", ...ofMessages(messages), visibleInMs });
  }

  #tell(fact: QueueFact): void {
    const { uuid: mapping, function: mapped } = this.#mapping;
    this.#options.record({ mapping, functionName: mapped.name, queue: this.#source.name, ...fact });
  }
}
