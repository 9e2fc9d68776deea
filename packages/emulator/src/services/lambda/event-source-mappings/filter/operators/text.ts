import type { ValueTest } from "../field-test.ts";
import { FilterPatternError } from "../filter-pattern-error.ts";
import { onlyEntry } from "../only-entry.ts";
import { isObject } from "../json.ts";
import type { Json } from "../json.ts";

/** `{"prefix": "a"}` or `{"prefix": {"equals-ignore-case": "a"}}`. The empty text is a prefix of every text. */
export function prefixTest(operand: Json): ValueTest {
  if (isObject(operand)) {
    const prefix = ignoringCase("prefix", operand);
    return (value) => typeof value === "string" && value.toLowerCase().startsWith(prefix);
  }
  const prefix = textOf(operand, "prefix match pattern must be a string");
  return (value) => typeof value === "string" && value.startsWith(prefix);
}

/** As `prefixTest`, for the end of a text. */
export function suffixTest(operand: Json): ValueTest {
  if (isObject(operand)) {
    const suffix = ignoringCase("suffix", operand);
    return (value) => typeof value === "string" && value.toLowerCase().endsWith(suffix);
  }
  const suffix = textOf(operand, "suffix match pattern must be a string");
  return (value) => typeof value === "string" && value.endsWith(suffix);
}

/** `{"equals-ignore-case": "a"}`. */
export function equalsIgnoreCaseTest(operand: Json): ValueTest {
  const text = textOf(operand, "equals-ignore-case match pattern must be a string").toLowerCase();
  return (value) => typeof value === "string" && value.toLowerCase() === text;
}

export function textOf(operand: Json, reason: string): string {
  if (typeof operand !== "string") throw new FilterPatternError(reason);
  return operand;
}

function ignoringCase(name: "prefix" | "suffix", operand: { readonly [key: string]: Json }): string {
  const title = name === "prefix" ? "Prefix" : "Suffix";
  const [operator, text] = onlyEntry(operand, `${title} expression name not found`);
  if (operator !== "equals-ignore-case") throw new FilterPatternError(`Unsupported ${name} pattern: ${operator}`);
  return textOf(text, "equals-ignore-case match pattern must be a string").toLowerCase();
}
