import type { LogPosition, LogStore, ReadLimits, RecordVisitor } from "./log-store.ts";
import { Segment } from "./segment.ts";

const largestSegment = 1024 * 1024;
/** A log begins small: a stream of a thousand shards with a few records each must not take a thousand MiB. */
const smallestSegment = 16 * 1024;
/** A record above this gets a segment of its own size; in a shared one it would leave too much of the rest empty. */
const largestShared = largestSegment / 4;
const firstGuessOfRecordSize = 256;

/** A log in memory, made of segments. Views that were read keep their segment alive, even after it was truncated away. */
export class MemoryLog implements LogStore {
  readonly #segments: Segment[] = [];
  /** Records of the first segment that were truncated away. */
  #skipped = 0;
  #oldestArrival = Infinity;
  #nextCapacity = smallestSegment;
  #recordSize = firstGuessOfRecordSize;
  #newestDropped: LogPosition | undefined;

  /** @param newestDropped What is known of the records before the first. */
  constructor(newestDropped?: LogPosition) {
    this.#newestDropped = newestDropped;
  }

  get newest(): LogPosition | undefined {
    const segment = this.#segments.at(-1);
    return segment === undefined ? this.#newestDropped : positionAt(segment, segment.count - 1);
  }

  get newestDropped(): LogPosition | undefined {
    return this.#newestDropped;
  }

  append(sequence: number, arrival: number, key: string, data: Uint8Array): void {
    const size = Buffer.byteLength(key) + data.length;
    let segment = this.#segments.at(-1);
    if (segment === undefined || !segment.hasRoomFor(size, sequence, arrival)) {
      if (segment === undefined) this.#oldestArrival = arrival;
      else this.#learnFrom(segment);
      segment = this.#newSegment(size, sequence, arrival);
      this.#segments.push(segment);
    }
    segment.append(sequence, arrival, key, data);
  }

  read(from: LogPosition, max: ReadLimits, visit: RecordVisitor): number | undefined {
    let records = 0;
    let bytes = 0;
    for (
      let number = this.#firstSegment((segment) => segment.lastSequence >= from.sequence);
      number < this.#segments.length;
      number++
    ) {
      const segment = this.#segments[number];
      if (segment === undefined) break;
      for (let index = this.#firstIndex(segment, number, from); index < segment.count; index++) {
        bytes += segment.sizeAt(index);
        if (records >= max.records || (records > 0 && bytes > max.bytes)) return segment.arrivalAt(index);
        segment.visit(index, visit);
        records++;
      }
    }
    return undefined;
  }

  firstSince(time: number): LogPosition | undefined {
    const number = this.#firstSegment((segment) => segment.lastArrival >= time);
    const segment = this.#segments[number];
    if (segment === undefined) return undefined;
    const index = Math.max(segment.findArrival(time), number === 0 ? this.#skipped : 0);
    return positionAt(segment, index);
  }

  truncateBefore(time: number): LogPosition | undefined {
    if (this.#oldestArrival >= time) return undefined;
    const dropped = this.#segments.splice(
      0,
      this.#firstSegment((segment) => segment.lastArrival >= time),
    );
    const lastDropped = dropped.at(-1);
    if (lastDropped !== undefined) this.#skipped = 0;
    const first = this.#segments[0];
    if (first !== undefined) this.#skipped = Math.max(this.#skipped, first.findArrival(time));
    this.#oldestArrival = first?.arrivalAt(this.#skipped) ?? Infinity;
    if (first !== undefined && this.#skipped > 0) this.#newestDropped = positionAt(first, this.#skipped - 1);
    else if (lastDropped !== undefined) this.#newestDropped = positionAt(lastDropped, lastDropped.count - 1);
    return this.#newestDropped;
  }

  clear(): void {
    this.#segments.length = 0;
    this.#skipped = 0;
    this.#oldestArrival = Infinity;
    this.#newestDropped = undefined;
  }

  #newSegment(size: number, sequence: number, arrival: number): Segment {
    if (size > largestShared) return new Segment(size, 1, sequence, arrival);
    const capacity = Math.max(this.#nextCapacity, size);
    return new Segment(capacity, Math.ceil(capacity / this.#recordSize), sequence, arrival);
  }

  /** The next segment is made for records like those of this full one. */
  #learnFrom(segment: Segment): void {
    segment.seal();
    const size = segment.used / segment.count;
    if (size > largestShared) return;
    this.#nextCapacity = Math.min(largestSegment, Math.max(smallestSegment, 2 * segment.used));
    this.#recordSize = Math.max(1, size);
  }

  /** Number of the first segment for which `reached` holds, as it does for every later one; their count when there is none. */
  #firstSegment(reached: (segment: Segment) => boolean): number {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const segment = this.#segments[middle];
      if (segment === undefined || reached(segment)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #firstIndex(segment: Segment, number: number, from: LogPosition): number {
    let index = segment.findSequence(from.sequence);
    if (index < segment.count && segment.sequenceAt(index) === from.sequence && segment.arrivalAt(index) < from.arrival)
      index++;
    return number === 0 ? Math.max(index, this.#skipped) : index;
  }
}

function positionAt(segment: Segment, index: number): LogPosition {
  return { sequence: segment.sequenceAt(index), arrival: segment.arrivalAt(index) };
}
