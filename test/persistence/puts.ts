import { CreateStreamCommand, PutRecordCommand, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import type { Load, Victim } from "./crashes.ts";

const StreamName = "orders";
const writers = 4;
const mostRecords = 20;

interface PutCall {
  readonly texts: readonly string[];
  /** Where its records are, by their text, once it was answered. */
  answered: readonly { readonly shardId: string; readonly sequenceNumber: string }[] | undefined;
}

/** Puts records, one by one and together, and asks for each that was acknowledged. */
export class Puts implements Load {
  readonly #random: () => number;
  readonly #calls: PutCall[] = [];
  #records = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  get answered(): number {
    return this.#calls.filter(({ answered }) => answered !== undefined).length;
  }

  async prepare({ kinesis }: Victim): Promise<void> {
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 3 }));
  }

  async run(victim: Victim, onAnswer: () => void): Promise<void> {
    await Promise.all(Array.from({ length: writers }, () => this.#write(victim, onAnswer)));
  }

  async #write(victim: Victim, onAnswer: () => void): Promise<void> {
    for (;;) {
      const call = this.#nextCall();
      this.#calls.push(call);
      try {
        call.answered = await put(victim, call.texts);
      } catch {
        // It was killed before it answered: the records may be there, all of them, or none is.
        return;
      }
      onAnswer();
    }
  }

  #nextCall(): PutCall {
    const count = this.#random() < 0.5 ? 1 : 1 + Math.floor(this.#random() * mostRecords);
    // Most records are small; some need pages of their own.
    const filling = "x".repeat(this.#random() < 0.05 ? 50_000 : Math.floor(this.#random() * 300));
    const texts = Array.from({ length: count }, () => `${this.#records++} ${filling}`);
    return { texts, answered: undefined };
  }

  async problems({ emu }: Victim): Promise<readonly string[]> {
    const problems: string[] = [];
    const found = new Map<string, { readonly shardId: string; readonly sequenceNumber: string }>();
    const last = new Map<string, string>();
    for (const { shardId, sequenceNumber, bytes } of await emu.stream(StreamName).records()) {
      const text = Buffer.from(bytes).toString();
      if (found.has(text)) problems.push(`${nameOf(text)} is there twice`);
      found.set(text, { shardId, sequenceNumber });
      // They have as many digits each: as texts they sort like numbers.
      if (sequenceNumber <= (last.get(shardId) ?? ""))
        problems.push(`${sequenceNumber} does not come after the one before`);
      last.set(shardId, sequenceNumber);
    }
    const given = new Set<string>();
    for (const { texts, answered } of this.#calls) {
      const there = texts.filter((text) => found.has(text));
      if (there.length !== 0 && there.length !== texts.length) problems.push(`of ${names(texts)} only ${names(there)}`);
      for (const [index, text] of texts.entries()) {
        const acknowledged = answered?.[index];
        const { shardId, sequenceNumber } = found.get(text) ?? {};
        const number = `${shardId} ${sequenceNumber}`;
        if (acknowledged !== undefined && number !== `${acknowledged.shardId} ${acknowledged.sequenceNumber}`)
          problems.push(`${nameOf(text)} was acknowledged as ${acknowledged.sequenceNumber}, and is ${number}`);
        if (sequenceNumber !== undefined && given.has(sequenceNumber))
          problems.push(`${sequenceNumber} was given twice`);
        if (sequenceNumber !== undefined) given.add(sequenceNumber);
        found.delete(text);
      }
    }
    return [...problems, ...[...found.keys()].map((text) => `nobody has put ${nameOf(text)}`)];
  }
}

function nameOf(text: string): string {
  return `record ${text.split(" ", 1)[0]}`;
}

function names(texts: readonly string[]): string {
  return texts.map(nameOf).join(", ");
}

async function put({ kinesis }: Victim, texts: readonly string[]): Promise<NonNullable<PutCall["answered"]>> {
  const records = texts.map((text) => ({ PartitionKey: nameOf(text), Data: Buffer.from(text) }));
  const [first] = records;
  const placeOf = ({ ShardId = "", SequenceNumber = "" }) => ({ shardId: ShardId, sequenceNumber: SequenceNumber });
  if (records.length === 1 && first !== undefined)
    return [placeOf(await kinesis.send(new PutRecordCommand({ StreamName, ...first })))];
  const { Records = [] } = await kinesis.send(new PutRecordsCommand({ StreamName, Records: records }));
  return Records.map(placeOf);
}
