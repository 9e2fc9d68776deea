import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "./base64.ts";

function accepts(text: string): boolean {
  try {
    decodeBase64(text);
    return true;
  } catch {
    return false;
  }
}

test("any bytes survive the way there and back", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(decodeBase64(encodeBase64(bytes))).toEqual(Buffer.from(bytes));
    }),
  );
});

test("only the text that encodes the decoded bytes is accepted", () => {
  const text = fc.string({
    unit: fc.constantFrom("A", "Q", "z", "9", "/", "=", "-", "_", " ", "\u00c1", "\u0141"),
    maxLength: 12,
  });
  fc.assert(
    fc.property(text, (candidate) => {
      const canonical = Buffer.from(candidate, "base64").toString("base64") === candidate;
      expect(accepts(candidate)).toBe(canonical);
    }),
  );
});

test.each([
  ["23", "Base64 encoded length is expected a multiple of 4 bytes but found: 2"],
  ["=+/=", "Invalid Base64 character: '='"],
  ["A===", "Invalid Base64 character: '='"],
  ["AA A", "Invalid Base64 character: ' '"],
  ["AA-_", "Invalid Base64 character: '-'"],
  ["\u0141AAA", "Invalid Base64 character: '\u0141'"],
  ["+/+=", "Invalid last non-pad Base64 character dectected"],
  ["AB==", "Invalid last non-pad Base64 character dectected"],
])("%s is refused", (text, reason) => {
  expect(() => decodeBase64(text)).toThrow(`'${text}' can not be converted to a Blob: ${reason}`);
});

test("a view is encoded without the bytes around it, a string as UTF-8", () => {
  expect(encodeBase64(new Uint8Array([1, 2, 3, 4]).subarray(1, 3))).toBe("AgM=");
  expect(encodeBase64("é")).toBe("w6k=");
});
