import type { TimelineEntry } from "@localemu/control";
import type { MappingProgress } from "../mapping-progress.ts";
import { type AsymmetricMatcher, matches } from "./match.ts";
import { conclude, type Matcher, type MatcherContext, type MatcherResult, timeoutOf } from "./result.ts";
import { amount, paragraph, shardName } from "./sections.ts";
import { waitUntil } from "./settle.ts";
import { show } from "./show.ts";
import { readSettled } from "./some.ts";
import { type MappingSubject, subjectOf } from "./subject.ts";

/**
 * Holds when an event source mapping has nothing left to do: every record that its stream keeps is processed or given up, its
 * queue has no message that waits or is in flight. Waits for it. `.not`: something is left once the world is idle.
 */
export const toHaveCaughtUp: Matcher<void> = (received, _expected, context) =>
  toHaveProgressed(received, context, {
    matcher: "toHaveCaughtUp",
    argument: "",
    holds: ({ shards, messages }) => messages === 0 && shards.every(({ behind }) => behind === 0),
    sentence: "Expected nothing to be left.",
    notSentence: "Expected something to be left.",
  });

/** How far a shard's consumer is expected to have come. */
export interface ExpectedCheckpoint {
  /** For example `shardId-000000000000`. */
  readonly shardId: string;
  /** The last record that is finished, with all before it; `TRIM_HORIZON` before the first, `SHARD_END` at the end of a closed shard. */
  readonly sequenceNumber: string | AsymmetricMatcher;
}

/** Holds when a mapping's checkpoint in a shard is the one given; waits for it. `.not`: it is another once the world is idle. */
export const toHaveCheckpoint: Matcher<ExpectedCheckpoint> = (received, { shardId, sequenceNumber }, context) =>
  toHaveProgressed(received, context, {
    matcher: "toHaveCheckpoint",
    argument: "expected",
    holds: ({ shards }) =>
      shards.some((shard) => shard.shardId === shardId && matches(sequenceNumber, shard.checkpoint, context.equals)),
    sentence: `Expected the checkpoint of ${shardName(shardId)} to be ${checkpointName(sequenceNumber)}.`,
    notSentence: `Expected the checkpoint of ${shardName(shardId)} not to be ${checkpointName(sequenceNumber)}.`,
  });

interface ProgressWanted {
  readonly matcher: string;
  readonly argument: string;
  readonly holds: (progress: MappingProgress) => boolean;
  readonly sentence: string;
  readonly notSentence: string;
}

async function toHaveProgressed(
  received: unknown,
  context: MatcherContext,
  { matcher, argument, holds, sentence, notSentence }: ProgressWanted,
): Promise<MatcherResult> {
  const mapping = subjectOf(received, matcher, "mapping");
  const { state, end } = await (context.isNot
    ? readSettled(mapping.world, mapping.read, timeoutOf(context))
    : waitUntil(mapping.world, mapping.read, holds, isProgressOf(mapping), timeoutOf(context)));
  const { functionName, eventSourceArn } = state.mapping;
  const source = eventSourceArn.slice(Math.max(eventSourceArn.lastIndexOf(":"), eventSourceArn.lastIndexOf("/")) + 1);
  return conclude(
    {
      subject: { ...mapping, name: `${functionName} ← ${source}` },
      call: `${matcher}(${argument})`,
      holds: holds(state),
      end,
      sentence,
      notSentence,
      sections: () => progressSections(state),
    },
    context,
  );
}

function isProgressOf({ name }: MappingSubject): (entry: TimelineEntry) => boolean {
  return (entry) => "mapping" in entry && entry.mapping === name;
}

function progressSections({ mapping, shards, messages }: MappingProgress): readonly string[] {
  const last = mapping.lastProcessingResult === "" ? "" : `; last result: ${mapping.lastProcessingResult}`;
  const state = `The mapping is ${mapping.state}${last}.`;
  if (mapping.eventSourceArn.split(":")[2] === "sqs") {
    return [state, `The queue has ${amount(messages, "message")} waiting or in flight.`];
  }
  const lines = shards.map(({ shardId, checkpoint, behind }) => {
    return `${shardName(shardId)}: ${amount(behind, "record")} left, checkpoint ${checkpointName(checkpoint)}`;
  });
  return [state, paragraph("Progress by shard:", lines)];
}

/** The end of a sequence number: its 56 digits differ there. */
function checkpointName(checkpoint: unknown): string {
  if (typeof checkpoint !== "string") return show(checkpoint);
  return /^\d{13,}$/.test(checkpoint) ? `…${checkpoint.slice(-12)}` : checkpoint;
}
