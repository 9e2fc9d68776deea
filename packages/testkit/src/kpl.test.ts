import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deaggregate } from "./kpl.ts";
import { decodeShards } from "./stream-shards.ts";

interface Put {
  readonly key: string;
  readonly data: Uint8Array;
}

/** As the Kinesis Producer Library writes it (aggregation-format.md of aws/amazon-kinesis-producer). */
function aggregate(puts: readonly Put[], { withHashKeys = false } = {}): Buffer {
  const keys = [...new Set(puts.map(({ key }) => key))];
  const message = Buffer.concat([
    ...keys.map((key) => bytesField(1, Buffer.from(key))),
    ...(withHashKeys ? [bytesField(2, Buffer.from("340282366920938463463374607431768211455"))] : []),
    ...puts.map(({ key, data }) =>
      bytesField(
        3,
        Buffer.concat([
          numberField(1, keys.indexOf(key)),
          ...(withHashKeys ? [numberField(2, 0)] : []),
          bytesField(3, data),
          ...(withHashKeys ? [bytesField(4, bytesField(1, Buffer.from("tag")))] : []),
        ]),
      ),
    ),
  ]);
  return withDigest(message);
}

function withDigest(message: Uint8Array): Buffer {
  const magic = Buffer.from("f3899ac2", "hex");
  return Buffer.concat([magic, message, createHash("md5").update(message).digest()]);
}

function bytesField(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function numberField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Buffer.from([...bytes, rest]);
}

describe("deaggregate", () => {
  test("gives back what was aggregated", () => {
    const put = fc.record({
      key: fc.string({ minLength: 1, unit: "grapheme" }),
      data: fc.uint8Array({ maxLength: 300 }),
    });
    fc.assert(
      fc.property(fc.array(put, { maxLength: 200 }), fc.boolean(), (puts, withHashKeys) => {
        const found = deaggregate(aggregate(puts, { withHashKeys }));
        expect(found?.map(({ partitionKey, data }) => [partitionKey, Buffer.from(data)])).toEqual(
          puts.map(({ key, data }) => [key, Buffer.from(data)]),
        );
      }),
    );
  });

  test.each([
    ["text", Buffer.from('{"id":1}')],
    ["what only begins like it", Buffer.from("f3899ac2", "hex")],
    ["what was changed on the way", aggregate([{ key: "k", data: Buffer.from("a") }]).fill(0x62, 12, 13)],
    [
      "a key that is not there",
      withDigest(bytesField(3, Buffer.concat([numberField(1, 7), bytesField(3, Buffer.from("a"))]))),
    ],
    ["another protocol buffer", withDigest(Buffer.from([0x09, 1, 2, 3, 4, 5, 6, 7, 8]))],
    ["a field that ends too late", withDigest(Buffer.from([0x0a, 0x7f, 0x61]))],
    ["a number that does not end", withDigest(Buffer.from([0x08, 0x80]))],
  ])("leaves %s as it is", (_name, bytes) => {
    expect(deaggregate(bytes)).toBeUndefined();
  });

  test("never throws, whatever follows the magic number", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (message) => void deaggregate(withDigest(message))));
  });
});

test("a stream shows each of the records, with the key that it was put with", () => {
  const puts = ['{"id":1}', '{"id":2}'].map((data, index) => ({ key: `k${index}`, data: Buffer.from(data) }));
  const record = { sequenceNumber: "7", partitionKey: "a", approximateArrival: 0 };
  const records = [{ ...record, data: aggregate(puts).toString("base64") }];
  const [shard] = decodeShards({
    streamName: "orders",
    streamArn: "",
    status: "ACTIVE",
    shards: [{ shardId: "shardId-000000000000", records }],
  });
  expect(shard?.records).toMatchObject([
    { sequenceNumber: "7", subSequenceNumber: 0, partitionKey: "k0", data: { id: 1 } },
    { sequenceNumber: "7", subSequenceNumber: 1, partitionKey: "k1", data: { id: 2 } },
  ]);
});
