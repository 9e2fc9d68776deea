import { expect, test } from "vitest";
import { compileFilterPattern } from "./filter-pattern.ts";

const lines = ["ERROR order 7 failed", "WARN order 8 is slow", "INFO order 9", 'ERROR said "no"', "error order 10"];

test.each<[string | undefined, readonly number[]]>([
  [undefined, [0, 1, 2, 3, 4]],
  ["  ", [0, 1, 2, 3, 4]],
  ["ERROR", [0, 3]],
  ["ERROR order", [0]],
  ["order ERROR", [0]],
  ['"order 8"', [1]],
  [String.raw`"said \"no\""`, [3]],
  ["?WARN ?INFO", [1, 2]],
  ["-ERROR", [1, 2, 4]],
  ["order -WARN", [0, 2, 4]],
  ['order -"order 9"', [0, 1, 4]],
  ["?WARN order", [0, 1, 2, 4]],
])("%s lets through the lines %j", (pattern, expected) => {
  const matches = compileFilterPattern(pattern);
  expect(lines.flatMap((line, index) => (matches(line) ? [index] : []))).toEqual(expected);
});

test.each([
  ["{ $.level = 7 }", "JSON patterns"],
  ["[a, b]", "patterns of columns"],
  ["%a.c%", "regular expressions"],
])("%s is refused in plain words", (pattern, form) => {
  expect(() => compileFilterPattern(pattern)).toThrow(
    expect.objectContaining({ code: "InvalidParameterException", message: expect.stringContaining(form) }),
  );
});

test("an open quote is refused", () => {
  expect(() => compileFilterPattern('"never closed')).toThrow("Invalid filter pattern");
});
