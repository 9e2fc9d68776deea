import { expect, test } from "vitest";
import { functionTraceHeader } from "./trace-header.ts";

const newId = (): string => "01234567-89ab-4cde-8f01-23456789abcd";
const PARENT = "8f0123456789abcd";

test.each([
  [undefined, `Root=1-5e1b4151-89ab4cde8f0123456789abcd;Parent=${PARENT};Sampled=0`],
  ["", `Root=1-5e1b4151-89ab4cde8f0123456789abcd;Parent=${PARENT};Sampled=0`],
  ["Root=1-2-3;Parent=old;Sampled=1", `Root=1-2-3;Parent=${PARENT};Sampled=1`],
  ["Root=1-2-3; Sampled=?;Self=x", `Root=1-2-3;Parent=${PARENT};Sampled=0`],
  ["Sampled=1;Root=1-2-3;Lineage=25:a87bd80c:1", `Root=1-2-3;Parent=${PARENT};Sampled=1;Lineage=25:a87bd80c:1`],
])("%s", (given, expected) => {
  expect(functionTraceHeader(given, newId, 0x5e1b4151 * 1000)).toBe(expected);
});
