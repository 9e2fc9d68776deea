import type { TimelineEntry } from "@localemu/control";
import { decodeText } from "../decode.ts";
import { type FailedBatchFound, type FailuresFound, readFailures, type Report } from "./failure-document.ts";
import { type AsymmetricMatcher, type Match, matches } from "./match.ts";
import { conclude, type Matcher, type MatcherContext, type MatcherResult, timeoutOf } from "./result.ts";
import {
  amount,
  type Candidate,
  describeRecord,
  nearestSection,
  paragraph,
  recordName,
  shardName,
} from "./sections.ts";
import { waitUntil } from "./settle.ts";
import { show } from "./show.ts";
import { type BucketSubject, type QueueSubject, subjectOf, type TopicSubject } from "./subject.ts";

/** What a failure document is expected to say; what is left out may be anything. */
export interface ExpectedFailedBatch {
  /** The original records, decoded and in order; each as `Match` says. Read from the stream, so they must still be kept there. */
  readonly records?: readonly Match[] | AsymmetricMatcher | ((records: readonly unknown[]) => boolean);
  /** `RetryAttemptsExhausted` or `RecordAgeExceeded`. */
  readonly condition?: string | AsymmetricMatcher;
  /** How often the function was invoked with the batch. */
  readonly approximateInvokeCount?: number | AsymmetricMatcher;
  /** For example `shardId-000000000000`. */
  readonly shardId?: string | AsymmetricMatcher;
}

/** Holds when a queue, a topic or a bucket has the failure document of a batch; waits for it. `.not`: there is none once the world is idle. */
export const toHaveFailedBatch: Matcher<ExpectedFailedBatch> = (received, expected, context) =>
  toHaveFailure(received, context, {
    matcher: "toHaveFailedBatch",
    argument: "expected",
    expected,
    thing: `failure document with ${show(expected)}`,
    accepts: (batch) => matches(expected, summary(batch), context.equals),
    candidates: (batches) => batches.map((batch) => ({ label: batchName(batch), value: summary(batch) })),
    candidateThing: "failure document",
  });

/** Holds when a record that matches is in a failed batch; waits for it. `.not`: there is none once the world is idle. */
export const toHaveFailedRecord: Matcher<Match> = (received, match, context) =>
  toHaveFailure(received, context, {
    matcher: "toHaveFailedRecord",
    argument: "match",
    expected: match,
    thing: `failed record that matches ${show(match)}`,
    accepts: ({ records }) => records.some(({ data }) => matches(match, data, context.equals)),
    candidates: (batches) =>
      batches.flatMap(({ records }) => records.map((record) => ({ label: recordName(record), value: record.data }))),
    candidateThing: "failed record",
  });

interface FailureWanted {
  readonly matcher: string;
  readonly argument: string;
  readonly expected: unknown;
  /** What is expected, without an article. */
  readonly thing: string;
  readonly accepts: (batch: FailedBatchFound) => boolean;
  /** What the nearest miss is looked for among. */
  readonly candidates: (batches: readonly FailedBatchFound[]) => readonly Candidate[];
  readonly candidateThing: string;
}

async function toHaveFailure(
  received: unknown,
  context: MatcherContext,
  wanted: FailureWanted,
): Promise<MatcherResult> {
  const destination = subjectOf(received, wanted.matcher, "queue", "topic", "bucket");
  const { state, end } = await waitUntil(
    destination.world,
    async () => readFailures(await readReports(destination), destination.world),
    ({ batches }) => batches.some(wanted.accepts),
    (entry) => entry.type === "mapping.failureReported" || isArrivalAt(destination, entry),
    timeoutOf(context),
  );
  const found = state.batches.find(wanted.accepts);
  const nearest = (): readonly string[] =>
    nearestSection(wanted.candidateThing, wanted.candidates(state.batches), wanted.expected, context.equals);
  return conclude(
    {
      subject: destination,
      call: `${wanted.matcher}(${wanted.argument})`,
      holds: found !== undefined,
      end,
      sentence: `Expected a ${wanted.thing}.`,
      notSentence:
        found === undefined
          ? `Expected no ${wanted.thing}; so far there is none.`
          : `Expected no ${wanted.thing}, but there is one: ${batchName(found)}.`,
      sections: () => [...(found === undefined ? nearest() : []), ...failureSections(state, destination)],
    },
    context,
  );
}

type Destination = QueueSubject | TopicSubject | BucketSubject;

async function readReports(destination: Destination): Promise<readonly Report[]> {
  switch (destination.kind) {
    case "queue":
      return (await destination.read()).map(({ body }) => ({ text: body }));
    case "topic":
      return (await destination.read()).map(({ message }) => ({ text: message }));
    default:
      return (await destination.read()).map(({ bytes }) => ({ text: Buffer.from(bytes).toString("utf8") }));
  }
}

/** A report that somebody else sent, a topic for example. */
function isArrivalAt({ kind, name }: Destination, entry: TimelineEntry): boolean {
  if (entry.type === "queue.messageSent") return kind === "queue" && entry.queue === name;
  if (entry.type === "topic.published") return kind === "topic" && entry.topic === name;
  return entry.type === "bucket.objectPut" && kind === "bucket" && entry.bucket === name;
}

const nothingThere = {
  queue: "The queue has no messages.",
  topic: "Nothing was published to the topic.",
  bucket: "The bucket has no objects.",
};

/** What `ExpectedFailedBatch` is compared with. */
function summary({ condition, approximateInvokeCount, shardId, records }: FailedBatchFound): object {
  return { condition, approximateInvokeCount, shardId, records: records.map(({ data }) => data) };
}

function failureSections({ batches, others }: FailuresFound, { kind }: Destination): readonly string[] {
  if (batches.length + others.length === 0) return [nothingThere[kind]];
  return [
    ...batches.map((batch) => {
      const lost = batch.batchSize - new Set(batch.records.map(({ sequenceNumber }) => sequenceNumber)).size;
      return paragraph(`${batchName(batch)}:`, [
        ...batch.records.slice(0, 5).map(describeRecord),
        ...(batch.records.length > 5 ? [`… ${batch.records.length - 5} more`] : []),
        ...(lost > 0 ? [`${amount(lost, "record")} no longer in the stream`] : []),
      ]);
    }),
    ...(others.length === 0
      ? []
      : [
          paragraph(
            `${amount(others.length, kind === "bucket" ? "object" : "message")} without a failure document:`,
            others.slice(-5).map(({ text }) => show(decodeText(text))),
          ),
        ]),
  ];
}

function batchName(batch: FailedBatchFound): string {
  const invokes = amount(batch.approximateInvokeCount, "invoke");
  const records = amount(batch.batchSize, "record");
  return `${records} of ${batch.streamName} ${shardName(batch.shardId)}, ${batch.condition} after ${invokes}`;
}
