import { streamArn } from "../../core/arns.ts";
import type { AwsError } from "../../protocols/errors.ts";
import { expired, invalidArgument } from "./errors.ts";
import type { Position } from "./state/shard.ts";
import type { TokenSeal } from "./token-seal.ts";

export interface ShardIterator {
  readonly region: string;
  readonly streamName: string;
  readonly shardIndex: number;
  /** Creation of the shard that the position is one of: a stream may have been deleted and created anew. */
  readonly createdSeconds: number;
  readonly position: Position;
}

const lifeMs = 300_000;
/** AWS: every iterator begins with these bytes (kinesalite's suite). */
const header = Buffer.from("0000000000000001", "hex");
const quoted = /^"(.*)"$/s;

export function writeShardIterator(seal: TokenSeal, iterator: ShardIterator, now: number): string {
  const { region, streamName, shardIndex, createdSeconds, position } = iterator;
  const text = `${now}/${region}/${streamName}/${shardIndex}/${createdSeconds}/${position.counter}/${position.seconds}`;
  // AWS: 152 bytes with the header, and one more block for every 16 characters of the name (kinesalite's suite).
  const size = 144 + 16 * Math.floor((streamName.length + 2) / 16);
  return Buffer.concat([header, seal.seal(text, size)]).toString("base64");
}

/** Throws AWS's error for an iterator that is malformed or has expired. */
export function readShardIterator(seal: TokenSeal, given: string, now: number): ShardIterator {
  const text = textOf(seal, given);
  if (text === undefined) throw malformed();
  const [issued, region = "", streamName = "", ...numbers] = text.split("/");
  const [shardIndex = 0, createdSeconds = 0, counter = 0, seconds = 0] = numbers.map(Number);
  if (now - Number(issued) > lifeMs) throw tooOld(Number(issued), now);
  return { region, streamName, shardIndex, createdSeconds, position: { counter, seconds } };
}

/** The ARN of the stream of an iterator, expired or not; undefined for one that is malformed. */
export function streamOfIterator(seal: TokenSeal, given: string): string | undefined {
  const [, region = "", streamName] = textOf(seal, given)?.split("/") ?? [];
  return streamName === undefined ? undefined : streamArn(region, streamName);
}

function textOf(seal: TokenSeal, given: string): string | undefined {
  // AWS: one pair of quotes around it is accepted (LocalStack's suite, recorded on AWS).
  const base64 = quoted.exec(given)?.[1] ?? given;
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("base64") !== base64 || !bytes.subarray(0, header.length).equals(header)) return undefined;
  return seal.open(bytes.subarray(header.length));
}

function malformed(): AwsError {
  return invalidArgument("Invalid ShardIterator.");
}

function tooOld(issued: number, now: number): AwsError {
  return expired(
    "ExpiredIteratorException",
    `Iterator expired. The iterator was created at time ${javaDate(issued)} while right now it is ${javaDate(now)} ` +
      `which is further in the future than the tolerated delay of ${lifeMs} milliseconds.`,
  );
}

/** `Thu Jan 22 01:22:02 UTC 2015` */
export function javaDate(time: number): string {
  const [weekday = "", day = "", month = "", year = "", clock = ""] = new Date(time).toUTCString().split(/,? /);
  return `${weekday} ${month} ${day} ${clock} UTC ${year}`;
}
