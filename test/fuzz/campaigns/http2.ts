import fc from "fast-check";
import { mutated } from "../bytes.ts";
import { campaign } from "../campaign.ts";
import { sendBytes } from "../send.ts";

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

const types = { data: 0, headers: 1, priority: 2, rstStream: 3, settings: 4, pushPromise: 5, ping: 6, goAway: 7 };
const windowUpdate = 8;
const continuation = 9;
const endStream = 1;
const endHeaders = 4;

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Uint8Array;
  /** What its head says of the payload's length, where that is not so. */
  readonly length?: number | undefined;
}

function encoded({ type, flags, stream, payload, length = payload.length }: Frame): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(length & 0xff_ffff, 0, 3);
  head.writeUInt8(type & 0xff, 3);
  head.writeUInt8(flags & 0xff, 4);
  head.writeUInt32BE(stream >>> 0, 5);
  return Buffer.concat([head, payload]);
}

/** A field of a header block that is written out and not kept. */
function literal(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.of(0, name.length), Buffer.from(name), Buffer.of(value.length), Buffer.from(value)]);
}

/** `:method GET`, `:scheme http`, `:path /` by their places in the static table. */
const get = Buffer.concat([Buffer.of(0x82, 0x86, 0x84), literal(":authority", "localhost")]);
const post = Buffer.concat([Buffer.of(0x83, 0x86, 0x84), literal(":authority", "localhost")]);

const blocks: readonly Buffer[] = [
  get,
  post,
  Buffer.concat([get, literal("x-upper", "\r\nA: b")]),
  Buffer.concat([get, literal("X-Upper", "1")]),
  Buffer.concat([get, literal(":path", "/twice")]),
  Buffer.concat([get, literal("connection", "close"), literal("transfer-encoding", "chunked")]),
  Buffer.concat([get, literal("content-length", "5")]),
  Buffer.concat([Buffer.of(0x82, 0x86), literal(":authority", "evil.example")]),
  Buffer.concat([literal("x-only", "1"), get]),
  // Bigger dynamic tables than were agreed upon, and references to nothing.
  Buffer.from("3fffffffff0f82", "hex"),
  Buffer.from("ffffffffff0f", "hex"),
  Buffer.from("827fffffffffffffffff01", "hex"),
];

/** Kept once with 4000 bytes, named a thousand times: megabytes of headers from few bytes. */
const bomb = Buffer.concat([
  get,
  Buffer.of(0x40, 1, 0x78, 0x7f, 0xa1, 0x1e),
  Buffer.alloc(4_000, 0x61),
  Buffer.alloc(1_000, 0xbe),
]);

const streamId = fc.constantFrom(0, 1, 1, 1, 2, 3, 5, 0x7fff_ffff, 0x8000_0001, 0xffff_ffff);
const block = fc.oneof(fc.constantFrom(...blocks), mutated(blocks));

const frame: fc.Arbitrary<Frame> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant(types.headers),
      flags: fc.constantFrom(endHeaders, endHeaders | endStream, 0, 0x2c, 0xff),
      stream: streamId,
      payload: block,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.oneof(fc.nat(9), fc.nat(255)),
      flags: fc.constantFrom(0, 1, 4, 5, 8, 0x20, 0xff),
      stream: streamId,
      payload: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(new Uint8Array(4), new Uint8Array(8))),
      length: fc.option(fc.constantFrom(0, 1, 5, 6, 16_384, 16_385, 0xff_ffff), { nil: undefined, freq: 5 }),
    }),
  },
);

/** Many of one frame, which is right by itself. */
function flood(count: number, make: (index: number) => readonly Frame[]): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, index) => make(index))
      .flat()
      .map(encoded),
  );
}

const none = new Uint8Array();
const begun: Frame = { type: types.headers, flags: endHeaders, stream: 1, payload: post };
const floods = [
  flood(3_000, () => [{ type: types.settings, flags: 0, stream: 0, payload: none }]),
  flood(3_000, () => [{ type: types.ping, flags: 0, stream: 0, payload: new Uint8Array(8) }]),
  flood(3_000, () => [{ type: types.settings, flags: 1, stream: 0, payload: none }]),
  flood(1_000, (index) => [
    { type: types.headers, flags: endHeaders, stream: index * 2 + 1, payload: get },
    { type: types.rstStream, flags: 0, stream: index * 2 + 1, payload: Uint8Array.of(0, 0, 0, 8) },
  ]),
  flood(1_000, (index) => [{ type: types.headers, flags: endHeaders, stream: index * 2 + 1, payload: post }]),
  flood(5_000, (index) =>
    index === 0
      ? [{ type: types.headers, flags: 0, stream: 1, payload: get }]
      : [{ type: continuation, flags: 0, stream: 1, payload: literal("x-more", "1".repeat(100)) }],
  ),
  flood(2_000, (index) => [index === 0 ? begun : { type: types.data, flags: 0, stream: 1, payload: none }]),
  flood(2_000, (index) => [
    index === 0 ? begun : { type: windowUpdate, flags: 0, stream: 1, payload: Uint8Array.of(0x7f, 255, 255, 255) },
  ]),
  flood(1, () => [{ type: types.headers, flags: endHeaders | endStream, stream: 1, payload: bomb }]),
];

const settings = encoded({ type: types.settings, flags: 0, stream: 0, payload: none });

export const http2 = campaign("HTTP/2 in bare frames", {
  inputs: fc.record({
    bytes: fc.oneof(
      {
        weight: 8,
        arbitrary: fc
          .array(frame, { minLength: 1, maxLength: 12 })
          .map((frames) => Buffer.concat([preface, settings, ...frames.map(encoded)])),
      },
      { weight: 1, arbitrary: fc.constantFrom(...floods).map((many) => Buffer.concat([preface, settings, many])) },
      { weight: 1, arbitrary: mutated([Buffer.concat([preface, settings, encoded(begun)])]) },
    ),
    cut: fc.boolean(),
  }),
  send: sendBytes,
});
