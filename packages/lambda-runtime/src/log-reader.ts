/** Takes one log event: its text with the final newline, and its time if the writer told it. */
export type TakeMessage = (message: string, timestamp: number | undefined) => void;

export interface OutputReader {
  read(chunk: Buffer): void;
  /** The stream ended: what is left is a message of its own. */
  end(): void;
}

const NEWLINE = 0x0a;

/** Splits raw output into lines. */
export function lineReader(take: TakeMessage): OutputReader {
  let rest: Buffer[] = [];
  return {
    read(chunk) {
      let start = 0;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, start)) {
        const line = chunk.subarray(start, at + 1);
        take((rest.length === 0 ? line : Buffer.concat([...rest, line])).toString("utf8"), undefined);
        rest = [];
        start = at + 1;
      }
      if (start < chunk.length) {
        rest.push(chunk.subarray(start));
      }
    },
    end() {
      if (rest.length > 0) {
        take(`${Buffer.concat(rest).toString("utf8")}\n`, undefined);
        rest = [];
      }
    },
  };
}

const HEADER_BYTES = 16;
const MAGIC_MASK = 0xffff0000;
const MAGIC = 0xa55a0000;

/** Reads the frames in which a runtime writes its messages (type, length, microseconds, text; big-endian). */
export function frameReader(take: TakeMessage): OutputReader {
  let rest: Buffer = Buffer.alloc(0);
  return {
    read(chunk) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      while (rest.length >= HEADER_BYTES) {
        if ((rest.readUInt32BE(0) & MAGIC_MASK) >>> 0 !== MAGIC) {
          // Something that is no frame was written to the pipe: it is shown as it is.
          take(`${rest.toString("utf8")}\n`, undefined);
          rest = Buffer.alloc(0);
          return;
        }
        const end = HEADER_BYTES + rest.readUInt32BE(4);
        if (rest.length < end) {
          return;
        }
        const text = rest.toString("utf8", HEADER_BYTES, end);
        take(text.endsWith("\n") ? text : `${text}\n`, Number(rest.readBigInt64BE(8) / 1000n));
        rest = rest.subarray(end);
      }
    },
    end() {
      if (rest.length > 0) {
        take(`${rest.toString("utf8", Math.min(HEADER_BYTES, rest.length))}\n`, undefined);
        rest = Buffer.alloc(0);
      }
    },
  };
}
