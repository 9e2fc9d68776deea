import { expect, test } from "vitest";
import { lineReader } from "../process/log-reader.ts";
import { containerOutput } from "./container-output.ts";

function frame(type: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

const written = Buffer.concat([frame(1, "one\ntw"), frame(2, "bad\n"), frame(1, ""), frame(1, "o\nthree")]);

test.each([1, 3, 8, 11, 1000])("lines of both outputs come whole, in chunks of %i bytes", (size) => {
  const lines: string[] = [];
  const reader = containerOutput(
    lineReader((message) => lines.push(`out ${message}`)),
    lineReader((message) => lines.push(`err ${message}`)),
  );
  for (let at = 0; at < written.length; at += size) reader.read(written.subarray(at, at + size));
  reader.end();
  expect(lines).toEqual(["out one\n", "err bad\n", "out two\n", "out three\n"]);
});
