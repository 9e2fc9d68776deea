/**
 * A record as the machines know it. Whoever reads the stream may hang more on it (its bytes, its place in the log):
 * the machines hand back the very objects that they were given.
 */
export interface RecordReference {
  /** A decimal number of 56 digits, unique and growing within a shard. */
  readonly sequence: string;
  /** World time of arrival, milliseconds. */
  readonly arrival: number;
  /** World time from which the record may no longer be delivered, milliseconds. */
  readonly expiresAt: number;
  /** What the record adds to an event, besides the settings' `envelopeBytes`. */
  readonly bytes: number;
  /** Records of one key stay in order: the partition key. */
  readonly laneKey: string;
}

/** Orders decimal numbers of any length without making big integers of them. */
export function compareSequences(left: string, right: string): number {
  const a = left.startsWith("0") ? withoutLeadingZeros(left) : left;
  const b = right.startsWith("0") ? withoutLeadingZeros(right) : right;
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

function withoutLeadingZeros(digits: string): string {
  return digits.replace(/^0+(?=.)/, "");
}

/** The lane of a key: FNV-1a, so that neighbouring keys spread. */
export function laneOf(laneKey: string, lanes: number): number {
  if (lanes === 1) return 0;
  let hash = 0x811c9dc5;
  for (let index = 0; index < laneKey.length; index++) {
    hash = Math.imul(hash ^ laneKey.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % lanes;
}
