import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DocumentStore, DocumentValue } from "./document-store.ts";
import { keptForTest } from "./kept-for-test.test.fixture.ts";
import { memoryDocuments } from "./memory-documents.ts";

const collections = ["lambda.functions", "kinesis.streams"] as const;
const collection = fc.constantFrom(...collections);
const key = fc.constantFrom("a", "b", "c", "", "us-east-1/orders");
const operation = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("put" as const),
      collection,
      key,
      value: fc.jsonValue(),
      bytes: fc.option(fc.uint8Array(), { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete" as const), collection, key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("clear" as const), collection }) },
);

function contents(store: DocumentStore) {
  return collections.map((name) =>
    store.read(name).map(({ key: itsKey, value, bytes }) => ({ key: itsKey, value, bytes: bytes && [...bytes] })),
  );
}

/** @param reopen Gives the store as the next emulator finds it; where there is none, itself. */
function conforms(newStore: () => DocumentStore, reopen: (store: DocumentStore) => DocumentStore): void {
  test("does what maps do that keep the order of their keys", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
        const store = newStore();
        const model = new Map<string, Map<string, { value: unknown; bytes: number[] | undefined }>>();
        for (const name of collections) model.set(name, new Map());
        for (const step of operations) {
          const documents = model.get(step.collection);
          if (step.kind === "put") {
            // What JSON makes of it: no -0.
            const value: DocumentValue = JSON.parse(JSON.stringify(step.value));
            store.put(step.collection, step.key, value, step.bytes);
            documents?.set(step.key, { value, bytes: step.bytes && [...step.bytes] });
          } else if (step.kind === "delete") {
            store.delete(step.collection, step.key);
            documents?.delete(step.key);
          } else {
            store.clear(step.collection);
            documents?.clear();
          }
        }
        const expected = collections.map((name) =>
          [...(model.get(name) ?? [])].map(([itsKey, document]) => ({ key: itsKey, ...document })),
        );
        expect(contents(store)).toEqual(expected);
        expect(contents(reopen(store))).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  test("leaves out members that are undefined, and keeps what the caller changes later as it was", () => {
    const store = newStore();
    const value = { name: "orders", policy: undefined, tags: ["a"] };
    const bytes = Buffer.from("code");
    store.put("kinesis.streams", "a", value, bytes);
    value.tags.push("b");
    bytes.fill(0);
    expect(store.read("kinesis.streams")).toEqual([
      { key: "a", value: { name: "orders", tags: ["a"] }, bytes: new Uint8Array(Buffer.from("code")) },
    ]);
  });
}

describe("documents in memory", () => {
  conforms(memoryDocuments, (store) => store);
});

describe("documents on disk", () => {
  const kept = keptForTest();
  conforms(
    () => kept.begin(true).documents,
    () => kept.begin().documents,
  );

  test("are there after the file was closed and opened again", () => {
    const { documents } = kept.begin(true);
    documents.put("kinesis.streams", "a", { name: "a" });
    documents.put("lambda.functions", "b", { name: "b" }, Buffer.from("code"));
    const before = contents(documents);
    const after = kept.restart();
    expect(contents(after.documents)).toEqual(before);
    expect(after.services.toSorted()).toEqual(["kinesis", "lambda"]);
  });
});
