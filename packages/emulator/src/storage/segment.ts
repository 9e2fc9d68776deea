import type { RecordVisitor } from "./log-store.ts";

/** Columns of a row: where the record ends in `bytes`, its key's length, and its sequence and arrival since the segment's first. */
const rowWidth = 4;
const endColumn = 0;
const keyColumn = 1;
const sequenceColumn = 2;
const arrivalColumn = 3;
const largestDelta = 2 ** 32 - 1;

/**
 * A run of records in one buffer, each one's key before its data, and one row of numbers per record.
 * An object and a Buffer for each record would take several times the bytes of a small record.
 */
export class Segment {
  readonly #bytes: Buffer;
  #rows: Uint32Array;
  readonly #firstSequence: number;
  readonly #firstArrival: number;
  #count = 0;
  #used = 0;

  constructor(capacity: number, expectedRecords: number, firstSequence: number, firstArrival: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
    this.#rows = new Uint32Array(Math.max(1, expectedRecords) * rowWidth);
    this.#firstSequence = firstSequence;
    this.#firstArrival = firstArrival;
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes of keys and data. */
  get used(): number {
    return this.#used;
  }

  get lastSequence(): number {
    return this.sequenceAt(this.#count - 1);
  }

  get lastArrival(): number {
    return this.arrivalAt(this.#count - 1);
  }

  hasRoomFor(size: number, sequence: number, arrival: number): boolean {
    return (
      this.#used + size <= this.#bytes.length &&
      sequence - this.#firstSequence <= largestDelta &&
      arrival - this.#firstArrival <= largestDelta
    );
  }

  append(sequence: number, arrival: number, key: string, data: Uint8Array): void {
    const row = this.#count * rowWidth;
    if (row === this.#rows.length) this.#resizeRows(2 * this.#count);
    const keyLength = this.#bytes.write(key, this.#used);
    this.#bytes.set(data, this.#used + keyLength);
    this.#used += keyLength + data.length;
    this.#rows[row + endColumn] = this.#used;
    this.#rows[row + keyColumn] = keyLength;
    this.#rows[row + sequenceColumn] = sequence - this.#firstSequence;
    this.#rows[row + arrivalColumn] = arrival - this.#firstArrival;
    this.#count++;
  }

  /** No record follows: gives back the rows that were not needed. */
  seal(): void {
    if (this.#rows.length > this.#count * rowWidth) this.#resizeRows(this.#count);
  }

  sequenceAt(index: number): number {
    return this.#firstSequence + this.#cell(index, sequenceColumn);
  }

  arrivalAt(index: number): number {
    return this.#firstArrival + this.#cell(index, arrivalColumn);
  }

  sizeAt(index: number): number {
    return this.#cell(index, endColumn) - this.#startOf(index);
  }

  visit(index: number, visitor: RecordVisitor): void {
    const start = this.#startOf(index);
    const dataStart = start + this.#cell(index, keyColumn);
    visitor(
      this.sequenceAt(index),
      this.arrivalAt(index),
      this.#bytes.toString("utf8", start, dataStart),
      this.#bytes.subarray(dataStart, this.#cell(index, endColumn)),
    );
  }

  /** Index of the first record whose sequence is at least `sequence`; `count` when there is none. */
  findSequence(sequence: number): number {
    return this.#lowerBound(sequenceColumn, sequence - this.#firstSequence);
  }

  /** Index of the first record that arrived at or after `time`; `count` when there is none. */
  findArrival(time: number): number {
    return this.#lowerBound(arrivalColumn, time - this.#firstArrival);
  }

  #lowerBound(column: number, value: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#cell(middle, column) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #startOf(index: number): number {
    return index === 0 ? 0 : this.#cell(index - 1, endColumn);
  }

  #cell(index: number, column: number): number {
    return this.#rows[index * rowWidth + column] ?? 0;
  }

  #resizeRows(records: number): void {
    const rows = new Uint32Array(records * rowWidth);
    rows.set(this.#rows.subarray(0, Math.min(rows.length, this.#count * rowWidth)));
    this.#rows = rows;
  }
}
