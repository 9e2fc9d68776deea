import { describe, expect, test } from "vitest";
import { frameReader, lineReader, MAX_MESSAGE_BYTES, type OutputReader } from "./log-reader.ts";

const max = MAX_MESSAGE_BYTES;

/** What is read of the chunks, and what had been read of them before the stream's end. */
function readAll(reader: (take: (message: string, timestamp: number | undefined) => void) => OutputReader) {
  return (...chunks: readonly (string | Buffer)[]) => {
    const events: [string, number | undefined][] = [];
    const output = reader((message, timestamp) => events.push([message, timestamp]));
    for (const chunk of chunks) output.read(Buffer.from(chunk));
    const early = events.length;
    output.end();
    return { messages: events.map(([message]) => message), times: events.map(([, time]) => time), early };
  };
}

function frame(text: string, milliseconds: number): Buffer {
  const bytes = Buffer.from(text);
  const header = Buffer.alloc(16);
  header.writeUInt32BE(0xa55a0003, 0);
  header.writeUInt32BE(bytes.length, 4);
  header.writeBigInt64BE(BigInt(milliseconds) * 1000n, 8);
  return Buffer.concat([header, bytes]);
}

/** In pieces of `size` bytes. */
function pieces(bytes: Buffer, size: number): readonly Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, piece) =>
    bytes.subarray(piece * size, (piece + 1) * size),
  );
}

describe("lines", () => {
  const read = readAll(lineReader);

  test("may come in pieces, be empty and lack the last newline", () => {
    expect(read("a", "b\n\nc\nd", "e").messages).toEqual(["ab\n", "\n", "c\n", "de\n"]);
  });

  test("of the longest length are one event", () => {
    expect(read(`${"x".repeat(max)}\n`).messages).toEqual([`${"x".repeat(max)}\n`]);
  });

  test("that are longer are cut, and told before they end", () => {
    const { messages, early } = read(...pieces(Buffer.from("x".repeat(3 * max + 5)), 65_536));
    expect(messages.map(({ length }) => length)).toEqual([max + 1, max + 1, max + 1, 6]);
    expect(early).toBe(3);
  });

  test("are not cut within a character", () => {
    const { messages } = read(`${"x".repeat(max - 1)}€uro\n`);
    expect(messages).toEqual([`${"x".repeat(max - 1)}\n`, "€uro\n"]);
  });

  test("that are no UTF-8 are cut all the same", () => {
    const { messages } = read(Buffer.alloc(max + 10, 0x80));
    expect(messages.map(({ length }) => length)).toEqual([max + 1, 11]);
  });
});

describe("frames", () => {
  const read = readAll(frameReader);

  test.each([1, 7, 16, 1000])("may come in pieces of %d bytes", (size) => {
    const bytes = Buffer.concat([frame("first\nof two lines", 5), frame("", 6), frame("€\n", 7)]);
    const { messages, times } = read(...pieces(bytes, size));
    expect(messages).toEqual(["first\nof two lines\n", "\n", "€\n"]);
    expect(times).toEqual([5, 6, 7]);
  });

  test("that are long are cut, and told before they end", () => {
    const { messages, times, early } = read(...pieces(frame("x".repeat(2 * max + 1), 5).subarray(0, -1), 65_536));
    expect(messages.map(({ length }) => length)).toEqual([max + 1, max + 1]);
    expect(times).toEqual([5, undefined]);
    expect(early).toBe(1);
  });

  test("a frame that ends early, and what is no frame, are shown", () => {
    expect(read(frame("whole", 5).subarray(0, -2)).messages).toEqual(["who\n"]);
    expect(read("this is no frame at all").messages).toEqual(["this is no frame at all\n"]);
    expect(read("short").messages).toEqual(["short\n"]);
  });
});
