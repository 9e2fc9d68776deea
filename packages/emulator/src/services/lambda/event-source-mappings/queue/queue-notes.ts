import type { QueueMappingEvent } from "@localemu/control";

/** What the mapping adds to a note to make it an event of the timeline. */
type Added = "mapping" | "functionName" | "queue";

type NoteOf<Event> = Event extends QueueMappingEvent ? Omit<Event, Added> : never;

/** What is told of a queue's consumer: plain facts, which become events of the timeline. */
export type QueueFact = NoteOf<QueueMappingEvent>;

/** What the machines tell; the rest is told by whoever does what they say. */
export type QueueNote = Extract<QueueFact, { readonly type: QueueNoteType | BatchNoteType }>;

type QueueNoteType =
  | "mapping.concurrencyRaised"
  | "mapping.readFailed"
  | "mapping.queueGone"
  | "mapping.consumerStopped";

type BatchNoteType =
  | "mapping.batchStarted"
  | "mapping.batchSucceeded"
  | "mapping.batchFailed"
  | "mapping.partialFailure"
  | "mapping.notInvoked"
  | "mapping.retryScheduled";
