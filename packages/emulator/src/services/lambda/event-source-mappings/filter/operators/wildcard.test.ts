import fc from "fast-check";
import { expect, test } from "vitest";
import { wildcardTest } from "./wildcard.ts";

/** The straightforward way: a wildcard is nothing, or takes a character and stays. */
function referenceMatches(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  if (pattern.startsWith("*")) {
    return referenceMatches(pattern.slice(1), text) || (text !== "" && referenceMatches(pattern, text.slice(1)));
  }
  return text.startsWith(pattern.charAt(0)) && referenceMatches(pattern.slice(1), text.slice(1));
}

const texts = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 });

test("a text matches as a straightforward reference says", () => {
  const patterns = fc
    .array(
      texts.filter((text) => text.length < 4),
      { minLength: 1, maxLength: 4 },
    )
    .map((pieces) =>
      pieces.filter((piece, index) => piece !== "" || index === 0 || index === pieces.length - 1).join("*"),
    );
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => {
      fc.pre(!pattern.includes("**"));
      expect(wildcardTest(pattern)(text)).toBe(referenceMatches(pattern, text));
    }),
    { numRuns: 500 },
  );
});

test("a long text does not take long", () => {
  const accepts = wildcardTest("*a*b*c*d");
  expect(accepts("abc".repeat(100_000))).toBe(false);
  expect(accepts(`${"abc".repeat(100_000)}d`)).toBe(true);
});
