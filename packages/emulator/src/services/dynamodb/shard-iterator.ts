import { awsError, validationException } from "../../protocols/errors.ts";

/** A place in a shard: after the record with this number; without one, before all that is kept. */
export interface ShardIterator {
  readonly streamArn: string;
  readonly shardId: string;
  readonly after: string | undefined;
}

/** AWS: an iterator expires after 15 minutes (AWS docs). */
const lifeMs = 15 * 60_000;

/** AWS: the stream's ARN, a number and an opaque text, between bars (AWS docs). */
export function writeShardIterator({ streamArn, shardId, after }: ShardIterator, now: number): string {
  return `${streamArn}|1|${Buffer.from(`${now}/${shardId}/${after ?? ""}`).toString("base64")}`;
}

/** Throws AwsError for an iterator that is malformed or has expired. */
export function readShardIterator(given: string, now: number): ShardIterator {
  const [streamArn = "", version, opaque = ""] = given.split("|");
  const parts = Buffer.from(opaque, "base64").toString().split("/");
  const [issued = "", shardId = "", after = ""] = parts;
  if (version !== "1" || parts.length !== 3 || !/^\d+(\.\d+)?$/.test(issued)) {
    // Assumed: the text.
    throw validationException("Invalid ShardIterator");
  }
  if (Number(issued) + lifeMs < now) {
    // Assumed: the text.
    throw awsError(
      "ExpiredIteratorException",
      "Iterator expired. The iterator was created at a time that is more than 15 minutes ago.",
    );
  }
  return { streamArn, shardId, after: after === "" ? undefined : after };
}
