import type { OutputReader } from "../process/log-reader.ts";

const HEADER_BYTES = 8;
const STDERR = 2;

/** Takes apart what a container writes to its two outputs: frames of type, three zeros, length (big-endian) and text. */
export function containerOutput(stdout: OutputReader, stderr: OutputReader): OutputReader {
  let header: Buffer = Buffer.alloc(0);
  let missing = 0;
  return {
    read(chunk) {
      let rest = chunk;
      while (rest.length > 0) {
        if (missing === 0) {
          const taken = HEADER_BYTES - header.length;
          header = Buffer.concat([header, rest.subarray(0, taken)]);
          rest = rest.subarray(taken);
          if (header.length < HEADER_BYTES) return;
          missing = header.readUInt32BE(4);
        }
        const text = rest.subarray(0, missing);
        if (text.length > 0) (header[0] === STDERR ? stderr : stdout).read(text);
        rest = rest.subarray(text.length);
        missing -= text.length;
        if (missing === 0) header = Buffer.alloc(0);
      }
    },
    end() {
      stdout.end();
      stderr.end();
    },
  };
}
