import { expect, test } from "vitest";
import { JsonWriters } from "./json-writer.ts";
import { readSchemas } from "./schema-registry.ts";

const node: unknown[] = [3, "ns", "Node", 0, ["Value", "Children"], [0, () => [1, "ns", "Nodes", 0, () => node]]];
const everything = [
  3,
  "ns",
  "Everything",
  0,
  ["Text", "Count", "Flag", "When", "Bytes", "Texts", "Tags", "Tree"],
  [0, 1, 2, 4, 21, 64, 128, () => node],
];
const schema = readSchemas({ Write$: [9, "ns", "Write", 0, "unit", () => everything] }, {});
const operation = schema.operations.get("Write");
if (operation === undefined) throw new Error("the registry lost the operation");
const write = new JsonWriters().structure(operation.output);

test.each<[value: Record<string, unknown>, text: string]>([
  [{}, "{}"],
  [{ Count: 1, Text: "a" }, '{"Text":"a","Count":1}'],
  [{ Text: undefined, Count: null, Flag: false }, '{"Flag":false}'],
  [{ Text: 'a"\\\n\u2028é\ud800' }, '{"Text":"a\\"\\\\\\n\u2028é\\ud800"}'],
  [{ Count: 0 }, '{"Count":0}'],
  [{ Count: -1.5 }, '{"Count":-1.5}'],
  [{ Count: Number.NaN }, '{"Count":"NaN"}'],
  [{ When: new Date(1421918522123) }, '{"When":1421918522.123}'],
  [{ When: new Date(1421918522000) }, '{"When":1421918522}'],
  [{ Bytes: new Uint8Array([1, 2]) }, '{"Bytes":"AQI="}'],
  [{ Bytes: new Uint8Array() }, '{"Bytes":""}'],
  [{ Texts: [] }, '{"Texts":[]}'],
  [{ Texts: ["a", "b"] }, '{"Texts":["a","b"]}'],
  [{ Tags: { a: "1", 'b"': "2", c: undefined } }, '{"Tags":{"a":"1","b\\"":"2"}}'],
  [{ Tree: { Children: [{ Value: "leaf" }, {}] } }, '{"Tree":{"Children":[{"Value":"leaf"},{}]}}'],
  [{ Nobody: 1 }, "{}"],
])("%j", (value, text) => {
  expect(write(value)).toBe(text);
});
