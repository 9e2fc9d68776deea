import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomIds } from "../../core/ids.ts";
import { readShardIterator, writeShardIterator } from "./shard-iterator.ts";
import type { ShardIterator } from "./shard-iterator.ts";
import { TokenSeal } from "./token-seal.ts";

const seal = new TokenSeal(randomIds());
const now = Date.UTC(2015, 0, 22, 1, 22, 2);
const iterator: ShardIterator = {
  region: "us-east-1",
  streamName: "orders",
  shardIndex: 3,
  createdSeconds: 1_421_889_000,
  position: { counter: 17, seconds: 1_421_889_722 },
};

const anyIterator: fc.Arbitrary<ShardIterator> = fc.record({
  region: fc.constantFrom("us-east-1", "ap-southeast-2", "us-gov-west-1"),
  streamName: fc.stringMatching(/^[a-zA-Z0-9_.-]{1,128}$/),
  shardIndex: fc.nat(2 ** 31 - 1),
  createdSeconds: fc.nat(2 ** 33),
  position: fc.record({ counter: fc.nat(Number.MAX_SAFE_INTEGER), seconds: fc.nat(2 ** 33) }),
});

describe("shard iterators", () => {
  test("come back as they were written, in AWS's form and size", () => {
    fc.assert(
      fc.property(anyIterator, (given) => {
        const text = writeShardIterator(seal, given, now);
        const bytes = Buffer.from(text, "base64");
        expect(readShardIterator(seal, text, now)).toEqual(given);
        expect(text.length).toBeLessThanOrEqual(512);
        expect(bytes.subarray(0, 8).toString("hex")).toBe("0000000000000001");
        expect(bytes.length).toBe(152 + 16 * Math.floor((given.streamName.length + 2) / 16));
      }),
    );
  });

  test("change each time", () => {
    expect(writeShardIterator(seal, iterator, now)).not.toBe(writeShardIterator(seal, iterator, now));
  });

  test("may have one pair of quotes", () => {
    const text = writeShardIterator(seal, iterator, now);
    expect(readShardIterator(seal, `"${text}"`, now)).toEqual(iterator);
    expect(() => readShardIterator(seal, `""${text}""`, now)).toThrow("Invalid ShardIterator.");
  });

  test("are valid for five minutes", () => {
    const text = writeShardIterator(seal, iterator, now);
    expect(readShardIterator(seal, text, now + 300_000)).toEqual(iterator);
    expect(() => readShardIterator(seal, text, now + 360_000)).toThrow(
      expect.objectContaining({
        code: "ExpiredIteratorException",
        message:
          "Iterator expired. The iterator was created at time Thu Jan 22 01:22:02 UTC 2015 while right now it is " +
          "Thu Jan 22 01:28:02 UTC 2015 which is further in the future than the tolerated delay of 300000 milliseconds.",
      }),
    );
  });

  test("are refused when anything in them was changed", () => {
    const bytes = Buffer.from(writeShardIterator(seal, iterator, now), "base64");
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (index, change) => {
        const changed = Buffer.from(bytes);
        changed[index] = (changed[index] ?? 0) ^ change;
        expect(() => readShardIterator(seal, changed.toString("base64"), now)).toThrow("Invalid ShardIterator.");
      }),
    );
  });

  test.each(["", "a", "garbage!", "AAAAAAAAAAE=", "AAAAAAAAAAE=AAAA", Buffer.alloc(152).toString("base64")])(
    "are refused when they are none: %j",
    (text) => {
      expect(() => readShardIterator(seal, text, now)).toThrow(
        expect.objectContaining({ code: "InvalidArgumentException", message: "Invalid ShardIterator." }),
      );
    },
  );

  test("are refused from another world", () => {
    const other = new TokenSeal(randomIds());
    expect(() => readShardIterator(other, writeShardIterator(seal, iterator, now), now)).toThrow(
      "Invalid ShardIterator.",
    );
  });
});
