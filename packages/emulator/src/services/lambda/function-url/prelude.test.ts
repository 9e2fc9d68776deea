import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { takePrelude } from "./prelude.ts";

const nuls = "\0".repeat(8);

function reading(chunks: readonly (string | Uint8Array)[]): () => Promise<Uint8Array | undefined> {
  const left = chunks.map((chunk) => Buffer.from(chunk));
  return () => Promise.resolve(left.shift());
}

async function take(...chunks: (string | Uint8Array)[]): Promise<unknown> {
  const prelude = await takePrelude(reading(chunks));
  return prelude.kind === "found" ? [prelude.text, prelude.rest.toString("latin1")] : prelude;
}

describe("the metadata before a stream", () => {
  test.each<[what: string, chunks: readonly string[], expected: unknown]>([
    ["in a chunk of its own", ["{}", nuls, "body"], ["{}", ""]],
    ["with the delimiter in several chunks", ["{}\0\0", "\0\0\0", "\0\0\0"], ["{}", ""]],
    ["with the body in the same chunk", [`{}${nuls}body`], ["{}", "body"]],
    ["with a body that begins with NULs", [`{}${nuls}\0\0body`], ["{}", "\0\0body"]],
    ["with an empty body", [`{}${nuls}`], ["{}", ""]],
    ["in a stream of nothing", [], { kind: "missing", empty: true }],
    ["in a stream that has none", ["body"], { kind: "missing", empty: false }],
    ["in a stream that ends within the delimiter", ["{}\0\0\0"], { kind: "missing", empty: false }],
    ["of more than 1 MiB", ["x".repeat(1024 * 1024), "x", nuls], { kind: "tooLong" }],
    ["of just 1 MiB", ["x".repeat(1024 * 1024), nuls], ["x".repeat(1024 * 1024), ""]],
  ])("%s", async (_, chunks, expected) => {
    expect(await take(...chunks)).toEqual(expected);
  });

  test("is found however the bytes are cut, and binary bytes after it stay as they are", async () => {
    const property = fc.asyncProperty(
      fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")),
      fc.uint8Array(),
      fc.array(fc.nat(40), { maxLength: 10 }),
      async (text, body, cuts) => {
        const whole = Buffer.concat([Buffer.from(text + nuls), body]);
        const edges = [0, ...cuts.filter((cut) => cut < whole.length).toSorted((a, b) => a - b), whole.length];
        const chunks = edges.slice(1).map((end, index) => whole.subarray(edges[index], end));
        const read = reading(chunks);
        const prelude = await takePrelude(read);
        if (prelude.kind !== "found") throw new Error(prelude.kind);
        expect(prelude.text).toBe(text);
        const rest = [prelude.rest];
        for (let chunk = await read(); chunk !== undefined; chunk = await read()) rest.push(Buffer.from(chunk));
        expect(Buffer.concat(rest)).toEqual(Buffer.from(body));
      },
    );
    await fc.assert(property);
  });
});
