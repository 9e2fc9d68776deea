import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { endingSequenceNumber, parseSequenceNumber, sequenceNumbersOf } from "./sequence-number.ts";

const created = 1_700_000_000;

function hexOf(decimal: string): string {
  return BigInt(decimal).toString(16);
}

function decimalOf(hex: string): string {
  return BigInt(`0x${hex}`).toString();
}

describe("sequence numbers", () => {
  test("have 56 digits and AWS's fields", () => {
    const number = sequenceNumbersOf(created, 0x1a)(0xabcdef, created + 60);
    const hex = hexOf(number);
    expect(number).toHaveLength(56);
    expect(hex).toHaveLength(47);
    expect({
      first: hex.slice(0, 1),
      created: Number.parseInt(hex.slice(1, 10), 16),
      lowIndex: hex.slice(10, 11),
      counter: hex.slice(11, 27),
      zeros: hex.slice(27, 29),
      seconds: Number.parseInt(hex.slice(29, 38), 16),
      index: hex.slice(38, 46),
      version: hex.slice(46),
    }).toEqual({
      first: "2",
      created,
      lowIndex: "a",
      counter: "0000000000abcdef",
      zeros: "00",
      seconds: created + 60,
      index: "0000001a",
      version: "2",
    });
  });

  test("of neighbouring shards differ by what AWS's differ", () => {
    const [first, second] = [0, 1].map((index) => BigInt(sequenceNumbersOf(created, index)(0, created)));
    expect((second ?? 0n) - (first ?? 0n)).toBe(22300745198530623141535718272648361505980432n);
  });

  test("end, when the shard is closed, with the greatest counter", () => {
    const hex = hexOf(endingSequenceNumber(created, 1, created + 5));
    expect(hex.slice(11, 27)).toBe("7fffffffffffffff");
    expect(Number.parseInt(hex.slice(29, 38), 16)).toBe(created + 5);
    expect(parseSequenceNumber(endingSequenceNumber(created, 1, created + 5))).toMatchObject({
      counter: Number.MAX_SAFE_INTEGER,
    });
  });

  test("sort as text in the order of their counters, and come apart again", () => {
    const counter = fc.integer({ min: 0, max: 2 ** 50 });
    const seconds = fc.integer({ min: created, max: created + 10_000_000 });
    fc.assert(
      fc.property(counter, counter, seconds, fc.nat(2 ** 31 - 1), (a, b, at, shardIndex) => {
        const numberOf = sequenceNumbersOf(created, shardIndex);
        expect(numberOf(a, at) < numberOf(b, at)).toBe(a < b);
        expect(parseSequenceNumber(numberOf(a, at))).toEqual({
          version: 2,
          createdSeconds: created,
          shardIndex,
          counter: a,
          seconds: at,
        });
      }),
    );
  });
});

describe("parseSequenceNumber", () => {
  test.each([
    ["0", { version: 0, shardIndex: 0 }],
    ["5", { version: 0, shardIndex: 5 }],
    ["425352958651173072921826052383309826", { version: 0, shardIndex: 2 }],
    [decimalOf("13bb2cc3d80000000000000000000000"), { version: "unreadable", claimed: 0 }],
    [decimalOf("13bb2cc3d7ffffffffffffffffff0007"), { version: 0, createdSeconds: 16_025_174_999 }],
    [decimalOf("20000000000000000000000000000000000000000000001"), { version: 1, shardIndex: 0 }],
    [
      decimalOf(["2", "06553f100", "5", "00", "06553f14a", "0123456789abcd", "07", "00000005", "1"].join("")),
      { version: 1, createdSeconds: 0x6553f100, seconds: 0x6553f14a, counter: 7, shardIndex: 5 },
    ],
    [decimalOf("20000000000000000000000000000000000000000000003"), { version: "unreadable", claimed: 3 }],
    [decimalOf("20000000000000000000000000000000000000000000000"), { version: "unreadable" }],
    [decimalOf("30000000000000000000000000000000000000000000001"), { version: "unreadable", claimed: undefined }],
    [decimalOf("1ffffffffff7fffffffffffffff000000000007fffffff2"), { version: "unreadable", claimed: undefined }],
    [decimalOf("20000000000800000000000000000000000000000000002"), { version: "unreadable", claimed: 2 }],
    [decimalOf("20000000000000000000000000000000000000800000002"), { version: 2, shardIndex: -2_147_483_648 }],
    ["9".repeat(129), { version: "unreadable", claimed: undefined }],
  ])("reads %s", (decimal, expected) => {
    expect(parseSequenceNumber(decimal)).toMatchObject(expected);
  });
});
