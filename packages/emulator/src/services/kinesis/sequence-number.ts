/**
 * Sequence numbers of version 2, as 47 hex digits (documented by kinesalite's suite, recorded on AWS):
 * `2`, 9 of the shard's creation second, the low digit of the shard index, 16 of a counter, `00`, 9 of the second of the
 * record, 8 of the shard index, `2`. In decimal they have 56 digits and sort as text like they sort as numbers.
 */
const leading = 2n << 184n;
const createdShift = 148n;
const lowIndexShift = 144n;
const counterShift = 80n;
const secondsShift = 36n;
const indexShift = 4n;
const version2 = 2n;

/** Numbers below this one are of the oldest version, whose first digit may be left out. */
const version0Unit = 1n << 124n;
const version0End = 1n << 129n;
const version1And2Start = 1n << 185n;
const version1And2End = 3n << 184n;
/** AWS: a creation second of version 0 from here on makes the number invalid (kinesalite's suite). */
const version0LatestSecond = 16_025_175_000;

/** The counter of a closed shard's EndingSequenceNumber. */
const lastCounter = 0x7fff_ffff_ffff_ffffn;

function fixedPart(createdSeconds: number, shardIndex: number): bigint {
  return (
    leading |
    (BigInt(createdSeconds) << createdShift) |
    (BigInt(shardIndex & 15) << lowIndexShift) |
    (BigInt(shardIndex) << indexShift) |
    version2
  );
}

/** Makes one shard's sequence numbers. What does not change within a second is computed once a second. */
export function sequenceNumbersOf(
  createdSeconds: number,
  shardIndex: number,
): (counter: number, seconds: number) => string {
  const fixed = fixedPart(createdSeconds, shardIndex);
  let cachedSeconds = -1;
  let cached = fixed;
  return (counter, seconds) => {
    if (seconds !== cachedSeconds) {
      cached = fixed | (BigInt(seconds) << secondsShift);
      cachedSeconds = seconds;
    }
    return (cached + (BigInt(counter) << counterShift)).toString();
  };
}

export function endingSequenceNumber(createdSeconds: number, shardIndex: number, closedSeconds: number): string {
  const fixed = fixedPart(createdSeconds, shardIndex);
  return (fixed | (lastCounter << counterShift) | (BigInt(closedSeconds) << secondsShift)).toString();
}

export interface SequenceNumber {
  readonly version: 0 | 1 | 2;
  readonly createdSeconds: number;
  /** May be negative in a made-up number. */
  readonly shardIndex: number;
  /** No shard gets near 2^53 records, so anything greater is given as that. */
  readonly counter: number;
  readonly seconds: number;
}

export interface UnreadableSequenceNumber {
  readonly version: "unreadable";
  /** The version that it claims, where it looks like a number of versions 1 and 2. */
  readonly claimed: number | undefined;
}

/** Takes a decimal number apart. */
export function parseSequenceNumber(decimal: string): SequenceNumber | UnreadableSequenceNumber {
  const given = BigInt(decimal);
  const number = given < version0Unit ? given + version0Unit : given;
  if (number < version0End) return parseVersion0(number);
  if (number <= version1And2Start || number >= version1And2End) return { version: "unreadable", claimed: undefined };
  const version = bits(number, 0n, 4n);
  if (version === 1) return parseVersion1(number);
  if (version === 2) return parseVersion2(number);
  return { version: "unreadable", claimed: version };
}

function parseVersion2(number: bigint): SequenceNumber | UnreadableSequenceNumber {
  const counter = BigInt.asUintN(64, number >> counterShift);
  if (counter > lastCounter) return { version: "unreadable", claimed: 2 };
  return {
    version: 2,
    createdSeconds: bits(number, createdShift, 36n),
    shardIndex: signedIndex(number),
    counter: Math.min(Number(counter), Number.MAX_SAFE_INTEGER),
    seconds: bits(number, secondsShift, 36n),
  };
}

/** `2`, 9 of the creation second, low index, 2, 9 of the second, 14 random, 2 of a counter, 8 of the shard index, `1`. */
function parseVersion1(number: bigint): SequenceNumber {
  return {
    version: 1,
    createdSeconds: bits(number, createdShift, 36n),
    shardIndex: signedIndex(number),
    counter: bits(number, 36n, 8n),
    seconds: bits(number, 100n, 36n),
  };
}

/** `1`, 9 of the creation second, 2, 16 random, 4 of the shard index. */
function parseVersion0(number: bigint): SequenceNumber | UnreadableSequenceNumber {
  const createdSeconds = bits(number, 88n, 36n);
  if (createdSeconds >= version0LatestSecond) return { version: "unreadable", claimed: 0 };
  return { version: 0, createdSeconds, shardIndex: bits(number, 0n, 16n), counter: 0, seconds: 0 };
}

function signedIndex(number: bigint): number {
  return Number(BigInt.asIntN(32, number >> indexShift));
}

function bits(number: bigint, shift: bigint, count: bigint): number {
  return Number((number >> shift) & ((1n << count) - 1n));
}
