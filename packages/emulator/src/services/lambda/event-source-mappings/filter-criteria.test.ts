import { describe, expect, test } from "vitest";
import { mappingFiltersOf, recordFilter } from "./filter-criteria.ts";
import { FilterPatternError } from "./filter/filter-pattern-error.ts";
import type { Json, JsonObject } from "./filter/json.ts";
import { kinesisView } from "./filter/kinesis-view.ts";
import { sqsView } from "./filter/sqs-view.ts";
import type { StreamRecord } from "./ports.ts";

function streamRecord(data: string | Buffer): StreamRecord {
  return { sequence: "495903", partitionKey: "key-1", data: Buffer.from(data), arrival: 1_545_084_650_987 };
}

function filters(...patterns: readonly JsonObject[]) {
  return { Filters: patterns.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) };
}

const passesKinesis = (patterns: readonly JsonObject[], data: string | Buffer): boolean =>
  recordFilter(filters(...patterns), kinesisView)(streamRecord(data));

const rest: JsonObject = { messageId: "m-1", attributes: { SenderId: "s" }, messageAttributes: {} };
const passesSqs = (patterns: readonly JsonObject[], body: string): boolean =>
  recordFilter(filters(...patterns), sqsView)({ body, rest });

describe("Kinesis", () => {
  const json: JsonObject = { data: { kind: ["order"] } };
  const metadata: JsonObject = { partitionKey: ["key-1"] };
  const otherMetadata: JsonObject = { partitionKey: ["key-2"] };

  test.each<[what: string, patterns: readonly JsonObject[], data: string, passes: boolean]>([
    ["JSON, looked into", [json], '{"kind":"order"}', true],
    ["JSON, looked into, other", [json], '{"kind":"refund"}', false],
    ["JSON, metadata alone", [metadata], '{"kind":"refund"}', true],
    ["JSON, metadata alone, other", [otherMetadata], '{"kind":"order"}', false],
    ["JSON and metadata", [{ ...json, ...metadata }], '{"kind":"order"}', true],
    ["JSON and other metadata", [{ ...json, ...otherMetadata }], '{"kind":"order"}', false],
    ["no JSON, looked into", [json], "order", false],
    ["no JSON, and a field that must be absent", [{ data: { kind: [{ exists: false }] } }], "order", false],
    ["JSON, and a field that must be absent", [{ data: { kind: [{ exists: false }] } }], "{}", true],
    ["no JSON, metadata alone", [metadata], "order", true],
    ["no JSON, metadata alone, other", [otherMetadata], "order", false],
    ["no JSON, one filter looks into it and another does not", [json, metadata], "order", true],
    ["no JSON, neither", [json, otherMetadata], "order", false],
    ["no JSON, one way of $or does not look into it", [{ $or: [json, metadata] }], "order", true],
    ["any filter", [{ data: { a: [1] } }, json], '{"kind":"order"}', true],
    ["dotted keys", [{ "data.kind": ["order"] }], '{"kind":"order"}', true],
    ["dotted keys, no JSON", [{ "data.kind": [{ exists: false }] }], "order", false],
    ["not below kinesis", [{ kinesis: { partitionKey: ["key-1"] } }], "{}", false],
    ["JSON after blanks", [json], ' \r\n\t{ "kind" : "order" }\n', true],
    ["an array", [json], '[{"kind":"order"}]', true],
    ["a lone text is no JSON", [{ data: { kind: [{ exists: false }] } }], '"order"', false],
    ["a lone number is no JSON", [{ data: { kind: [{ exists: false }] } }], "5", false],
    ["cut JSON is no JSON", [json], '{"kind":"order"', false],
    ["nothing is no JSON", [{ data: { kind: [{ exists: false }] } }], "", false],
  ])("%s", (_, patterns, data, passes) => {
    expect(passesKinesis(patterns, data)).toBe(passes);
  });

  test("bytes that are no text are no JSON", () => {
    const bytes = Buffer.concat([Buffer.from('{"kind":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(passesKinesis([{ data: { kind: [{ exists: true }] } }], bytes)).toBe(false);
  });

  test.each<[metadata: JsonObject]>([
    [{ sequenceNumber: ["495903"] }],
    [{ kinesisSchemaVersion: ["1.0"] }],
    [{ approximateArrivalTimestamp: [{ numeric: ["=", 1_545_084_650.987] }] }],
    [{ eventSource: ["aws:kinesis"], eventName: ["aws:kinesis:record"] }],
  ])("metadata: %j", (pattern) => {
    expect(passesKinesis([pattern], "{}")).toBe(true);
  });
});

describe("SQS", () => {
  const text: JsonObject = { body: ["hello"] };
  const json: JsonObject = { body: { a: [1] } };

  // AWS: the table of formats (AWS docs).
  test.each<[what: string, patterns: readonly JsonObject[], body: string, passes: boolean]>([
    ["JSON, JSON", [json], '{"a":1}', true],
    ["JSON, JSON, other", [json], '{"a":2}', false],
    ["JSON, none", [{ messageId: ["m-1"] }], '{"a":1}', true],
    ["JSON, plain text", [{ body: [{ prefix: "" }] }], '{"a":1}', false],
    ["no JSON, JSON", [json], "hello", false],
    ["no JSON, none", [{ attributes: { SenderId: ["s"] } }], "hello", true],
    ["no JSON, plain text", [text], "hello", true],
    ["no JSON, plain text, other", [text], "hallo", false],
    ["no JSON, plain text or JSON", [json, text], "hello", true],
    ["JSON, plain text or JSON", [text, json], '{"a":1}', true],
  ])("%s", (_, patterns, body, passes) => {
    expect(passesSqs(patterns, body)).toBe(passes);
  });
});

describe("the filters of a request", () => {
  const refusal = (message: string, reason?: string): unknown =>
    expect.objectContaining({
      code: "InvalidParameterValueException",
      message,
      fields: { Type: "User" },
      ...(reason === undefined ? {} : { cause: new FilterPatternError(reason) }),
    });
  const invalidPattern = (reason?: string): unknown => refusal("Invalid filter pattern definition.", reason);

  test("none", () => {
    expect(mappingFiltersOf({}, kinesisView)).toBeUndefined();
    expect(mappingFiltersOf({ Filters: [] }, kinesisView)).toBeUndefined();
  });

  test("are kept as they were written", () => {
    const Pattern = '{ "data" : {"n":[ 1.0 ]} }';
    expect(mappingFiltersOf({ Filters: [{ Pattern }] }, kinesisView)).toEqual({ Filters: [{ Pattern }] });
  });

  test("are five at most", () => {
    const Filters = Array.from({ length: 6 }, () => ({ Pattern: '{"data":{"a":[1]}}' }));
    expect(mappingFiltersOf({ Filters: Filters.slice(1) }, kinesisView)?.Filters).toHaveLength(5);
    expect(() => mappingFiltersOf({ Filters }, kinesisView)).toThrow(refusal("Maximum number of filters is 5."));
  });

  test.each<[pattern: Json, reason: string]>([
    [{ data: ["hello"] }, '"data" must be an object'],
    [{ $or: [{ data: ["hello"] }, { partitionKey: ["a"] }] }, '"data" must be an object'],
    [{ data: "hello" }, '"data" must be an object or an array'],
    [{ data: {} }, "Empty objects are not allowed"],
    [{ eventSource: [] }, "Empty arrays are not allowed"],
    [null, "Filter is not an object"],
  ])("Kinesis refuses %j", (pattern, reason) => {
    const criteria = filters({ data: { a: [1] } });
    criteria.Filters.push({ Pattern: JSON.stringify(pattern) });
    expect(() => mappingFiltersOf(criteria, kinesisView)).toThrow(invalidPattern(reason));
  });

  test("a filter has a pattern", () => {
    expect(() => mappingFiltersOf({ Filters: [{}] }, kinesisView)).toThrow(invalidPattern());
  });

  test("SQS takes plain texts", () => {
    expect(mappingFiltersOf(filters({ body: ["hello"] }), sqsView)).toEqual(filters({ body: ["hello"] }));
    expect(() => mappingFiltersOf(filters({ body: "hello" }), sqsView)).toThrow(
      invalidPattern('"body" must be an object or an array'),
    );
  });
});
