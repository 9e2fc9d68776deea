import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import type { Load, Victim } from "./crashes.ts";

const TableName = "orders";
const writers = 3;
const keysEach = 5;

/** What a writer has done to its items: nobody else writes them. */
interface Writer {
  readonly name: string;
  /** Version of each item, by key; undefined where it has none. */
  items: ReadonlyMap<string, number | undefined>;
  /** What the call under way makes of them. */
  trying: ReadonlyMap<string, number | undefined>;
}

/** Puts and deletes items, one by one and in transactions, and asks for them and for their records in the table's stream. */
export class Items implements Load {
  readonly #random: () => number;
  readonly #writers: readonly Writer[];
  readonly #answeredVersions = new Set<number>();
  #version = 0;
  /** How many calls were answered. */
  answered = 0;

  constructor(random: () => number) {
    this.#random = random;
    this.#writers = Array.from({ length: writers }, (_, index) => {
      const items = new Map<string, number | undefined>();
      return { name: `writer-${index}`, items, trying: items };
    });
  }

  async prepare({ emu }: Victim): Promise<void> {
    await clientOf(emu).send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
      }),
    );
  }

  async run({ emu }: Victim, onAnswer: () => void): Promise<void> {
    const client = clientOf(emu);
    await Promise.all(
      this.#writers.map(async (writer) => {
        for (;;) {
          const changes = this.#nextChanges(writer);
          writer.trying = new Map([...writer.items, ...changes]);
          try {
            await write(client, changes);
          } catch {
            // It was killed before it answered: all of it may have been done, or nothing.
            return;
          }
          writer.items = writer.trying;
          for (const version of changes.values()) if (version !== undefined) this.#answeredVersions.add(version);
          this.answered++;
          onAnswer();
        }
      }),
    );
  }

  #nextChanges({ name }: Writer): ReadonlyMap<string, number | undefined> {
    const count = this.#random() < 0.5 ? 1 : 1 + Math.floor(this.#random() * keysEach);
    return new Map(
      Array.from({ length: count }, () => {
        const key = `${name} ${Math.floor(this.#random() * keysEach)}`;
        return [key, this.#random() < 0.2 ? undefined : this.#version++];
      }),
    );
  }

  async problems({ emu }: Victim): Promise<readonly string[]> {
    const table = emu.table(TableName);
    const found = new Map((await table.items()).map(({ id, version }) => [textOf(id), Number(version)]));
    const problems: string[] = [];
    for (const writer of this.#writers) {
      const mismatch = (expected: Writer["items"]) =>
        [...expected].find(([key, version]) => found.get(key) !== version);
      const missed = mismatch(writer.items);
      if (missed !== undefined && mismatch(writer.trying) !== undefined)
        problems.push(`${missed[0]} is ${found.get(missed[0])}, not ${missed[1]}`);
      // What is there now is what is known from now on.
      writer.items = new Map([...writer.trying.keys()].map((key) => [key, found.get(key)]));
      writer.trying = writer.items;
    }
    const changes = await table.changes();
    const latest = new Map(changes.map(({ keys, newImage }) => [textOf(keys["id"]), newImage?.["version"]]));
    for (const [key, version] of found)
      if (latest.get(key) !== version) problems.push(`the stream does not say that ${key} is ${version}`);
    const told = new Set(changes.map(({ newImage }) => newImage?.["version"]));
    for (const version of this.#answeredVersions)
      if (!told.has(version)) problems.push(`the stream does not tell of version ${version}`);
    return problems;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function clientOf(emu: Victim["emu"]): DynamoDBClient {
  return new DynamoDBClient({ ...emu.getClientConfig(), region: "us-east-1", maxAttempts: 1 });
}

async function write(client: DynamoDBClient, changes: ReadonlyMap<string, number | undefined>): Promise<void> {
  const parts = [...changes].map(([id, version]) => {
    const Key = { id: { S: id } };
    return version === undefined
      ? { Delete: { TableName, Key } }
      : { Put: { TableName, Item: { ...Key, version: { N: String(version) } } } };
  });
  const [first] = parts;
  if (first === undefined || parts.length > 1) {
    await client.send(new TransactWriteItemsCommand({ TransactItems: parts }));
  } else if ("Put" in first) {
    await client.send(new PutItemCommand(first.Put));
  } else {
    await client.send(new DeleteItemCommand(first.Delete));
  }
}
