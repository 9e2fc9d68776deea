import { describe, expect, test } from "vitest";
import { DocumentReaders } from "./document-reader.ts";
import { jsonScalars } from "./json-document.ts";
import { parseJson } from "./parse-json.ts";
import { readSchemas } from "./schema-registry.ts";

// As the SDK's modules have them: sentinels for simple types, 64 added for lists and 128 for maps.
const inner = [3, "ns", "Inner", 0, ["Text"], [0]];
const node: unknown[] = [3, "ns", "Node", 0, ["Value", "Children"], [0, () => [1, "ns", "Nodes", 0, () => node]]];
const everything = [
  3,
  "ns",
  "Everything",
  0,
  ["Text", "Count", "Length", "Share", "Flag", "When", "Bytes", "Texts", "Tags", "Inner", "Inners", "Tree"],
  [0, 1, 1, 1, 2, 4, 21, 64, 128, () => inner, () => [1, "ns", "Inners", 0, () => inner], () => node],
];
const schema = readSchemas(
  { Read$: [9, "ns", "Read", 0, () => everything, "unit"] },
  { Everything: { Length: { t: "long" }, Share: { t: "double" } } },
);
const operation = schema.operations.get("Read");
if (operation === undefined) throw new Error("the registry lost the operation");
const read = new DocumentReaders(jsonScalars).structure(operation.input);

describe("types", () => {
  const number = "com.amazon.coral.value.json.numbers.TruncatingBigNumber";
  const list = "Start of list found where not expected";
  const map = "Start of structure or map found where not expected.";
  test.each<[member: string, given: unknown, message: string]>([
    ["Text", true, "class java.lang.Boolean can not be converted to an String"],
    ["Text", 23, `class ${number} can not be converted to an String`],
    ["Text", [], list],
    ["Text", {}, map],
    ["Count", "23", "class java.lang.String can not be converted to an Integer"],
    ["Count", true, "class java.lang.Boolean can not be converted to an Integer"],
    ["Count", [], list],
    ["Count", {}, map],
    ["Length", "23", "class java.lang.String can not be converted to an Long"],
    ["Share", true, "class java.lang.Boolean can not be converted to an Double"],
    ["Flag", "maybe", "'MAYBE' can not be converted to an Boolean"],
    ["Flag", 23, `class ${number} can not be converted to an Boolean`],
    ["Flag", [], list],
    ["Flag", {}, map],
    ["When", "23", "class java.lang.String can not be converted to milliseconds since epoch"],
    ["When", true, "class java.lang.Boolean can not be converted to milliseconds since epoch"],
    ["When", [], list],
    ["Bytes", true, "class java.lang.Boolean can not be converted to a Blob"],
    ["Bytes", 23, `class ${number} can not be converted to a Blob`],
    ["Bytes", [], list],
    ["Bytes", {}, map],
    ["Bytes", "+/+=", "'+/+=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected"],
    ["Texts", "23", "Expected list or null"],
    ["Texts", 23, "Expected list or null"],
    ["Texts", true, "Expected list or null"],
    ["Texts", {}, map],
    ["Texts", [23], `class ${number} can not be converted to an String`],
    ["Tags", "23", "Expected map or null"],
    ["Tags", [], list],
    ["Tags", { a: 23 }, `class ${number} can not be converted to an String`],
    ["Inner", "23", "Expected null"],
    ["Inner", true, "Expected null"],
    ["Inner", [], list],
    ["Inners", [[]], list],
    ["Inners", [{ Text: 23 }], `class ${number} can not be converted to an String`],
  ])("%s: %j is refused", (member, given, message) => {
    const error = { code: "SerializationException", message, statusCode: 400 };
    expect(() => read({ [member]: given })).toThrow(expect.objectContaining(error));
  });
});

test.each<[member: string, given: unknown, value: unknown]>([
  ["Text", "é", "é"],
  ["Count", 2.9, 2],
  ["Count", -2.1, -3],
  ["Count", 1e12, 2147483647],
  ["Length", 1e12 + 0.5, 1e12],
  ["Share", 0.25, 0.25],
  ["Flag", false, false],
  ["Flag", "yes", true],
  ["Flag", "0", false],
  ["When", 1421918522.123, new Date(1421918522123)],
  ["Bytes", "AQI=", Buffer.from([1, 2])],
  ["Bytes", "", Buffer.alloc(0)],
  ["Texts", ["a", null, "b"], ["a", "b"]],
  ["Tags", { a: "1", b: null }, { a: "1" }],
  ["Inner", { Text: "a", Unknown: 1 }, { Text: "a" }],
  ["Tree", { Children: [{ Value: "leaf" }] }, { Children: [{ Value: "leaf" }] }],
])("%s: %j is read", (member, given, value) => {
  expect(read({ [member]: given })).toEqual({ [member]: value });
});

test("nulls and unknown members are dropped", () => {
  expect(read({ Text: null, Nobody: { knows: 1 }, Count: 1 })).toEqual({ Count: 1 });
});

test("names that objects inherit are no members, and are keys of maps like any other", () => {
  expect(read(JSON.parse('{"__proto__":{"Text":"a"},"constructor":"b","toString":1}'))).toEqual({});
  const { Tags: tags } = read(JSON.parse('{"Tags":{"__proto__":"a"}}'));
  expect(Object.entries(tags as object)).toEqual([["__proto__", "a"]]);
});

test.each(["", "{", "[]", "5", "null", '"a"'])("a body %j is no document, and the error has no text", (body) => {
  const error = { code: "SerializationException", message: "", statusCode: 400 };
  expect(() => parseJson(Buffer.from(body))).toThrow(expect.objectContaining(error));
});
