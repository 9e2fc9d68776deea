import { describe, expect, test, vi } from "vitest";
import { isDeepStrictEqual } from "node:util";
import { caller } from "./fake-world.test.fixture.ts";
import { toHaveStreamed } from "./streamed-matchers.ts";

const streamed = caller(toHaveStreamed);

async function* stream(...items: readonly unknown[]): AsyncGenerator<unknown, void> {
  for (const item of items) yield await Promise.resolve(item);
}

/** As the AWS SDK gives it. */
function output(error?: { readonly ErrorCode: string; readonly ErrorDetails: string }) {
  const payload = (text: string) => ({ PayloadChunk: { Payload: Buffer.from(text) } });
  return { StatusCode: 200, EventStream: stream(payload('{"id"'), payload(":1}"), { InvokeComplete: { ...error } }) };
}

describe("toHaveStreamed", () => {
  test.each([
    ["text", "ab", true],
    ["other text", "a", false],
    ["an asymmetric matcher", expect.stringMatching(/^a/), true],
    ["a predicate", (text: string) => text.length === 2, true],
    ["chunks", ["a", "b"], true],
    ["other chunks", ["ab"], false],
    ["too few chunks", ["a"], false],
    ["chunks that match", [expect.anything(), (text: string) => text === "b"], true],
  ])("%s", async (_name, expected, holds) => {
    expect(await streamed.check(stream("a", Buffer.from("b")), expected)).toBe(holds);
    expect(await streamed.check(stream("a", Buffer.from("b")), expected, true)).toBe(!holds);
  });

  test("what InvokeWithResponseStream gives", async () => {
    expect(await streamed.check(output(), { id: 1 })).toBe(true);
    expect(await streamed.check(output(), '{"id":1}')).toBe(true);
    expect(await streamed.check(output(), expect.stringContaining("id"))).toBe(true);
    expect(await streamed.check(output(), ['{"id"', ":1}"])).toBe(true);
    expect(await streamed.check(output({ ErrorCode: "Unhandled", ErrorDetails: "{}" }), { id: 1 })).toBe(false);
  });

  test("a Response", async () => {
    expect(await streamed.check(new Response('{"id":1}'), { id: 1 })).toBe(true);
  });

  test("a stream that does not end is left", async () => {
    const items = stream("a");
    const left = vi.fn<() => Promise<IteratorResult<unknown>>>(() => Promise.reject(new Error("left")));
    const next = async () => ((await items.next()).done === true ? new Promise<never>(() => {}) : { value: "a" });
    const endless = { [Symbol.asyncIterator]: () => ({ next, return: left }) };
    const context = { equals: isDeepStrictEqual, isNot: false, timeoutMs: 20 };
    const { pass, message } = await toHaveStreamed(endless, "a", context);
    expect(pass).toBe(false);
    expect(left).toHaveBeenCalledOnce();
    expect(await toHaveStreamed(endless, "b", { ...context, isNot: true })).toMatchObject({ pass: true });
    expect(message()).toMatchInlineSnapshot(`
      "expect(stream).toHaveStreamed(match)

      Expected a stream of "a".
      The stream had not ended after 20 ms.

      Chunks:
        "a""
    `);
  });

  test("text", async () => {
    expect(await streamed.failure(stream("a", "b"), "ac")).toMatchInlineSnapshot(`
      "expect(stream).toHaveStreamed(match)

      Expected a stream of "ac".

      Difference (- expected, + found):
        - "ac"
        + "ab"

      Chunks:
        "a"
        "b""
    `);
    expect(await streamed.failure(stream("a", "b"), ["a", "c"])).toMatchInlineSnapshot(`
      "expect(stream).toHaveStreamed(chunks)

      Expected a stream of the chunks ["a", "c"].

      Difference (- expected, + found):
          [
            "a"
        -   "c"
        +   "b"
          ]

      Chunks:
        "a"
        "b""
    `);
    expect(await streamed.failure(output(), { id: 2 })).toMatchInlineSnapshot(`
      "expect(stream).toHaveStreamed(match)

      Expected a stream of { id: 2 }.

      Difference (- expected, + found):
          {
        -   id: 2
        +   id: 1
          }

      Chunks:
        "{\\"id\\""
        ":1}""
    `);
    expect(await streamed.failure(output({ ErrorCode: "Unhandled", ErrorDetails: "no" }), { id: 1 }))
      .toMatchInlineSnapshot(`
      "expect(stream).toHaveStreamed(match)

      Expected a stream of { id: 1 }.
      The stream ended with "Unhandled": "no"

      Chunks:
        "{\\"id\\""
        ":1}""
    `);
    expect(await streamed.failure(stream("a"), "a", true)).toMatchInlineSnapshot(`
      "expect(stream).not.toHaveStreamed(match)

      Expected another stream than "a".

      Chunks:
        "a""
    `);
    expect(await streamed.failure(stream(), "a")).toMatchInlineSnapshot(`
      "expect(stream).toHaveStreamed(match)

      Expected a stream of "a".

      Difference (- expected, + found):
        - "a"
        + ""

      Nothing was streamed."
    `);
  });

  test("takes nothing else", async () => {
    await expect(streamed.check("text", "text")).rejects.toThrow(/^toHaveStreamed takes what Invoke.*, not "text"$/);
    await expect(streamed.check(stream(5), "5", true)).rejects.toThrow("toHaveStreamed read what is no chunk: 5");
  });

  test("an iteration that fails", async () => {
    async function* failing() {
      yield await Promise.resolve("a");
      throw new Error("boom");
    }
    expect(await streamed.failure(failing(), "a")).toContain("The stream ended with Error: boom");
  });
});
