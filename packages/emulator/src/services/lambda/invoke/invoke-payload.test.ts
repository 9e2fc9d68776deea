import { describe, expect, test } from "vitest";
import { clientContextOf, eventOf } from "./invoke-payload.ts";

const frame = (text: string, column: number) =>
  `Could not parse request body into json: Could not parse payload into json: ${text}\n at [Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: 1, column: ${column}]`;

describe("the event of a request's body", () => {
  test.each([undefined, new Uint8Array()])("is an empty object for no bytes", (body) => {
    expect(Buffer.from(eventOf(body, "RequestResponse")).toString()).toBe("{}");
  });

  test("is the very bytes of the body", () => {
    const body = Buffer.from('{ "a" : 1.0 }\n');
    expect(eventOf(body, "Event")).toBe(body);
  });

  test.each([
    [
      "hello",
      frame(
        "Unrecognized token 'hello': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
        6,
      ),
    ],
    ['{"a":', frame("Unexpected end-of-input", 6)],
    ['{"a" 1}', frame("Unexpected character ('1' (code 49))", 6)],
    ["]", frame("Unexpected character (']' (code 93))", 1)],
  ])("must be JSON, and %s is not", (text, message) => {
    expect(() => eventOf(Buffer.from(text), "RequestResponse")).toThrow(
      expect.objectContaining({ code: "InvalidRequestContentException", message }),
    );
  });

  test.each([
    ["RequestResponse", 6_291_456],
    ["Event", 1_048_576],
  ] as const)("of a %s has at most %d bytes", (type, limit) => {
    const body = Buffer.alloc(limit + 1, 0x30);
    body[0] = 0x31;
    expect(eventOf(body.subarray(0, limit), type)).toHaveLength(limit);
    expect(() => eventOf(body, type)).toThrow(
      expect.objectContaining({
        code: "RequestTooLargeException",
        message: `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
      }),
    );
  });
});

const encode = (text: string) => Buffer.from(text).toString("base64");

describe("the client context", () => {
  test("is the JSON behind the base64", () => {
    expect(clientContextOf(encode('{"custom":{"a":"ä"}}'))).toBe('{"custom":{"a":"ä"}}');
    expect(clientContextOf(undefined)).toBeUndefined();
  });

  test.each([encode("no JSON"), "????", encode(JSON.stringify("x".repeat(3582)))])("is refused: %s", (encoded) => {
    expect(() => clientContextOf(encoded)).toThrow(expect.objectContaining({ code: "InvalidRequestContentException" }));
  });
});
