import { accountId, parseArn } from "../../core/arns.ts";
import type { AwsError } from "../../protocols/errors.ts";
import { consumerNotFound, streamNotFound } from "./errors.ts";
import type { KinesisState } from "./state/kinesis-state.ts";
import type { StreamConsumer } from "./state/stream-consumer.ts";
import type { Stream } from "./state/stream.ts";

/** What tags and policies are attached to. */
export type Resource =
  | { readonly kind: "stream"; readonly stream: Stream; readonly target: Stream }
  | { readonly kind: "consumer"; readonly stream: Stream; readonly target: StreamConsumer };

const resourcePattern = /^stream\/([^/]+)(?:\/consumer\/([^/]+):\d+)?$/;

/** The stream or consumer of an ARN; throws when there is none. */
export function resourceOf(state: KinesisState, arn: string): Resource {
  const found = findResource(state, arn);
  if ("missing" in found) throw found.missing;
  return found;
}

/** The stream or consumer of an ARN, or the error that says what is missing. */
export function findResource(state: KinesisState, arn: string): Resource | { readonly missing: AwsError } {
  const { region = "", account = "", resource = "" } = parseArn(arn) ?? {};
  const [, streamName, consumerName] = resourcePattern.exec(resource) ?? [];
  const stream = account === accountId && streamName !== undefined ? state.find(region, streamName) : undefined;
  if (stream === undefined) return { missing: streamNotFound(streamName ?? resource.slice("stream/".length), account) };
  if (consumerName === undefined) return { kind: "stream", stream, target: stream };
  const consumer = stream.consumers.get(consumerName);
  // An ARN that has the second of another registration is one of a consumer that is gone.
  if (consumer?.arn !== arn) return { missing: consumerNotFound(arn, account) };
  return { kind: "consumer", stream, target: consumer };
}
