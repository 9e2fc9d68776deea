import { CreateStreamCommand, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { CreateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { arnOf } from "../kinesis/streams.ts";
import { createFunction } from "../lambda/lambda-api.ts";
import { zipOf } from "../lambda/zips.ts";
import type { Load, Victim } from "./crashes.ts";

const StreamName = "failing";
const QueueName = "dead-letters";
const writers = 2;

interface DeadLetter {
  readonly requestContext: { readonly requestId: string };
  readonly KinesisBatchInfo: { readonly startSequenceNumber: string; readonly endSequenceNumber: string };
}

/** Puts records that a function fails at, and asks for each in the reports to a dead-letter queue: all of them, in order. */
export class DeadLetters implements Load {
  readonly #random: () => number;
  readonly #sequences: string[] = [];
  answered = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  async prepare({ kinesis, lambda, sqs }: Victim): Promise<void> {
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await sqs.send(new CreateQueueCommand({ QueueName }));
    const source = "exports.handler = async () => { throw new Error('no'); };";
    await createFunction(lambda, StreamName, { Code: { ZipFile: zipOf({ "index.js": source }) } });
    await lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName: StreamName,
        EventSourceArn: arnOf(StreamName),
        StartingPosition: "TRIM_HORIZON",
        BatchSize: 5,
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: `arn:aws:sqs:us-east-1:000000000000:${QueueName}` } },
      }),
    );
  }

  async run(victim: Victim, onAnswer: () => void): Promise<void> {
    await Promise.all(Array.from({ length: writers }, () => this.#write(victim, onAnswer)));
  }

  async #write({ kinesis }: Victim, onAnswer: () => void): Promise<void> {
    for (;;) {
      const count = 1 + Math.floor(this.#random() * 4);
      const records = Array.from({ length: count }, () => ({ PartitionKey: "k", Data: Buffer.from("{}") }));
      try {
        const { Records = [] } = await kinesis.send(new PutRecordsCommand({ StreamName, Records: records }));
        this.#sequences.push(...Records.map(({ SequenceNumber = "" }) => SequenceNumber));
      } catch {
        return;
      }
      this.answered++;
      onAnswer();
    }
  }

  async problems({ emu }: Victim): Promise<readonly string[]> {
    await emu.idle({ timeoutMs: 30_000 });
    const problems: string[] = [];
    const runs: { readonly from: string; readonly to: string; readonly requestId: string }[] = [];
    for (const { body } of await emu.queue(QueueName).messages()) {
      const { requestContext, KinesisBatchInfo: info }: DeadLetter = JSON.parse(body);
      const run = {
        from: info.startSequenceNumber,
        to: info.endSequenceNumber,
        requestId: requestContext.requestId,
      };
      const last = runs.at(-1);
      // A report may have been sent once more: then it is the same.
      if (last?.from === run.from && last.to === run.to && last.requestId === run.requestId) continue;
      if (last !== undefined && run.from <= last.to) problems.push(`${run.from} is reported after ${last.to}`);
      runs.push(run);
    }
    const lost = this.#sequences.filter((sequence) => !runs.some(({ from, to }) => from <= sequence && sequence <= to));
    return [...problems, ...lost.map((sequence) => `nothing tells of ${sequence}`)];
  }
}
