import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PutRecordsCommand } from "@aws-sdk/client-kinesis";
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import type { Load, Victim } from "./crashes.ts";

const StreamName = "deliveries";
const failures = "deliveries-dlq";
const writers = 2;
const mostRecords = 5;

/** Tells of a batch that it has taken, in one write; refuses one with a poison record in it. */
const handler = `
import { appendFileSync } from "node:fs";
export const handler = async ({ Records }) => {
  const texts = Records.map(({ kinesis }) => Buffer.from(kinesis.data, "base64").toString());
  if (texts.some((text) => text.includes("poison"))) throw new Error("poison");
  appendFileSync(process.env.TAKEN, texts.map((text) => text + "\\n").join(""));
};
`;

/** What a destination is told of a batch that failed. */
interface Report {
  readonly requestContext: { readonly requestId: string };
  readonly KinesisBatchInfo: { readonly startSequenceNumber: string; readonly endSequenceNumber: string };
}

/** Puts records that a mapping gives to a function, which refuses some of them: these go to a dead-letter queue. */
export class Deliveries implements Load {
  readonly #random: () => number;
  /** Every record that was acknowledged. */
  readonly #acknowledged = new Set<string>();
  #records = 0;
  /** How many calls were answered. */
  answered = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  async prepare({ emu, lambda, directory }: Victim): Promise<void> {
    const stream = await emu.createStream(StreamName, { shards: 2 });
    const queue = await emu.createQueue(failures);
    const FunctionName = "takes";
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: "arn:aws:iam::000000000000:role/takes",
        Code: { ZipFile: zipSync({ "index.mjs": Buffer.from(handler) }) },
        Environment: { Variables: { TAKEN: takenFile(directory) } },
      }),
    );
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 10 }, { FunctionName });
    await lambda.send(
      new CreateEventSourceMappingCommand({
        EventSourceArn: stream.arn,
        FunctionName,
        StartingPosition: "TRIM_HORIZON",
        BatchSize: 20,
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: queue.arn } },
      }),
    );
  }

  async run(victim: Victim, onAnswer: () => void): Promise<void> {
    await Promise.all(Array.from({ length: writers }, () => this.#write(victim, onAnswer)));
  }

  async #write({ kinesis }: Victim, onAnswer: () => void): Promise<void> {
    for (;;) {
      const texts = Array.from({ length: 1 + Math.floor(this.#random() * mostRecords) }, () => this.#nextText());
      const Records = texts.map((text) => ({ PartitionKey: text, Data: Buffer.from(text) }));
      try {
        await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
      } catch {
        // It was killed before it answered: the records may be there or not.
        return;
      }
      for (const text of texts) this.#acknowledged.add(text);
      this.answered++;
      onAnswer();
    }
  }

  #nextText(): string {
    return `${this.#records++} ${this.#random() < 0.05 ? "poison" : "good"}`;
  }

  async problems({ emu, directory }: Victim): Promise<readonly string[]> {
    await emu.idle({ timeoutMs: 30_000 });
    const stored = await emu.stream(StreamName).records();
    const shards = new Map<string, string[]>();
    const bySequence = new Map<string, string>();
    for (const { shardId, sequenceNumber, bytes } of stored) {
      const text = Buffer.from(bytes).toString();
      bySequence.set(sequenceNumber, text);
      const texts = shards.get(shardId) ?? [];
      shards.set(shardId, texts);
      texts.push(text);
    }
    const taken = this.#taken(directory);
    const reports = (await emu.queue(failures).messages()).map(({ body }): Report => JSON.parse(body));
    const reported = reports.map(({ KinesisBatchInfo: { startSequenceNumber: from, endSequenceNumber: to } }) =>
      from === to ? bySequence.get(from) : undefined,
    );
    return [
      ...[...this.#acknowledged]
        .filter((text) => !isPoison(text) && !taken.has(text))
        .map((text) => `${text} was lost`),
      ...[...this.#acknowledged]
        .filter((text) => isPoison(text) && !reported.includes(text))
        .map((text) => `${text} was not reported`),
      ...reported.filter((text) => text === undefined || !isPoison(text)).map((text) => `${text} was reported`),
      ...twiceReported(reports),
      ...[...shards.values()].flatMap((texts) => outOfOrder(texts, [...taken])),
    ];
  }

  /** In the order in which they were first taken. A function's last batch may have been taken as its emulator was killed. */
  #taken(directory: string): ReadonlySet<string> {
    try {
      return new Set(readFileSync(takenFile(directory), "utf8").split("\n"));
    } catch {
      // No batch came so far.
      return new Set();
    }
  }
}

function takenFile(directory: string): string {
  return join(directory, "taken");
}

function isPoison(text: string): boolean {
  return text.endsWith("poison");
}

/** The same report may come twice; another of the same record may not. */
function twiceReported(reports: readonly Report[]): string[] {
  const requests = new Map<string, string>();
  return reports.flatMap(({ requestContext: { requestId }, KinesisBatchInfo: { startSequenceNumber } }) => {
    const first = requests.get(startSequenceNumber) ?? requestId;
    requests.set(startSequenceNumber, first);
    return first === requestId ? [] : [`${startSequenceNumber} was reported by ${first} and by ${requestId}`];
  });
}

function outOfOrder(stored: readonly string[], taken: readonly string[]): string[] {
  const places = new Map(stored.map((text, place) => [text, place]));
  let last = -1;
  return taken.flatMap((text) => {
    const place = places.get(text);
    if (place === undefined) return [];
    const isBehind = place < last;
    last = Math.max(last, place);
    return isBehind ? [`${text} was taken too late`] : [];
  });
}
