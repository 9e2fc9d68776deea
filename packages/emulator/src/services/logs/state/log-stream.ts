import type { DocumentStore } from "../../../storage/document-store.ts";
import { eventDocument, eventOf } from "./log-documents.ts";
import type { LogEventDocument } from "./log-documents.ts";

/** A place in the order of events: by timestamp, then by arrival. */
export interface LogPosition {
  /** World time, milliseconds since the epoch. */
  readonly timestamp: number;
  /** Counts up over all events of one world. */
  readonly id: number;
}

export interface StoredLogEvent extends LogPosition {
  readonly ingestionTime: number;
  readonly message: string;
}

// AWS: every event counts its UTF-8 bytes plus 26 (AWS docs, PutLogEvents).
export const eventOverheadBytes = 26;

/**
 * How much of a stream is kept. A function that logs in a loop must not fill the emulator's memory: past this,
 * the oldest events go.
 */
export const maxStreamBytes = 8 * 1024 * 1024;

export function comparePositions(a: LogPosition, b: LogPosition): number {
  return a.timestamp - b.timestamp || a.id - b.id;
}

/** Where a stream's events are kept. */
export interface KeptLogEvents {
  readonly documents: DocumentStore;
  readonly collection: string;
  /** There are none that an earlier emulator left. */
  readonly isRead: boolean;
}

/** One stream's events in the order in which they are read. */
export class LogStream {
  readonly name: string;
  readonly creationTime: number;
  readonly #kept: KeptLogEvents;
  #isRead: boolean;
  #events: StoredLogEvent[] = [];
  #bytes = 0;
  #lastIngestionTime: number | undefined;

  constructor(name: string, creationTime: number, kept: KeptLogEvents) {
    this.name = name;
    this.creationTime = creationTime;
    this.#kept = kept;
    this.#isRead = kept.isRead;
  }

  get events(): readonly StoredLogEvent[] {
    this.#read();
    return this.#events;
  }

  get storedBytes(): number {
    this.#read();
    return this.#bytes;
  }

  get lastIngestionTime(): number | undefined {
    this.#read();
    return this.#lastIngestionTime;
  }

  append(event: StoredLogEvent): void {
    this.#read();
    this.#add(event);
    // From memory first: it must not fill where nothing can be kept any more.
    const dropped = this.#bytes > maxStreamBytes ? this.#dropOldest() : [];
    const { documents, collection } = this.#kept;
    documents.put(collection, String(event.id), eventDocument(event));
    for (const { id } of dropped) documents.delete(collection, String(id));
  }

  /** For a stream that is deleted. */
  forget(): void {
    this.#kept.documents.clear(this.#kept.collection);
  }

  #read(): void {
    if (this.#isRead) return;
    this.#isRead = true;
    const { documents, collection } = this.#kept;
    for (const { key, value } of documents.read<LogEventDocument>(collection)) this.#add(eventOf(key, value));
  }

  #add(event: StoredLogEvent): void {
    const last = this.#events.at(-1);
    if (last === undefined || comparePositions(last, event) < 0) this.#events.push(event);
    else this.#events.splice(this.firstIndexAfter(event), 0, event);
    this.#lastIngestionTime = event.ingestionTime;
    this.#bytes += sizeOf(event);
  }

  /** Index of the first event that stands after `position`. */
  firstIndexAfter(position: LogPosition): number {
    this.#read();
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const event = this.#events[middle];
      if (event !== undefined && comparePositions(event, position) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** An eighth more than needed goes at once, so that a full stream is not copied for every line. */
  #dropOldest(): readonly StoredLogEvent[] {
    const target = maxStreamBytes - maxStreamBytes / 8;
    let dropped = 0;
    for (const event of this.#events) {
      if (this.#bytes <= target || dropped === this.#events.length - 1) break;
      this.#bytes -= sizeOf(event);
      dropped++;
    }
    return this.#events.splice(0, dropped);
  }
}

function sizeOf(event: StoredLogEvent): number {
  return Buffer.byteLength(event.message) + eventOverheadBytes;
}
