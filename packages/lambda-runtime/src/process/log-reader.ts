/** Takes one log event: its text with the final newline, and its time if the writer told it. */
export type TakeMessage = (message: string, timestamp: number | undefined) => void;

export interface OutputReader {
  read(chunk: Buffer): void;
  /** The stream ended: what is left is a message of its own. */
  end(): void;
}

const NEWLINE = 0x0a;

/**
 * AWS: what is longer is cut into events of 2^18 - 26 bytes, which with 26 bytes of their own were the most that CloudWatch
 * Logs took (seen on AWS). It takes 1 MB today. Assumed: Lambda still cuts there.
 */
export const MAX_MESSAGE_BYTES = 262_118;

/** Gathers a message, of which it never holds more than the longest event and a chunk: what is longer becomes several. */
class Message {
  readonly #take: TakeMessage;
  #parts: Buffer[] = [];
  #bytes = 0;
  timestamp: number | undefined;

  constructor(take: TakeMessage) {
    this.#take = take;
  }

  get empty(): boolean {
    return this.#bytes === 0;
  }

  add(bytes: Buffer): void {
    if (bytes.length === 0) {
      return;
    }
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes <= MAX_MESSAGE_BYTES) {
      return;
    }
    let rest = Buffer.concat(this.#parts);
    while (rest.length > MAX_MESSAGE_BYTES) {
      const end = characterStart(rest, MAX_MESSAGE_BYTES);
      this.#take(`${rest.toString("utf8", 0, end)}\n`, this.timestamp);
      rest = rest.subarray(end);
    }
    this.#parts = [rest];
    this.#bytes = rest.length;
  }

  end(): void {
    const text = Buffer.concat(this.#parts).toString("utf8");
    this.#parts = [];
    this.#bytes = 0;
    this.#take(text.endsWith("\n") ? text : `${text}\n`, this.timestamp);
  }
}

/** The start of the character that holds the byte; the byte itself where no UTF-8 is. */
function characterStart(bytes: Buffer, at: number): number {
  let start = at;
  while (start > at - 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) {
    start -= 1;
  }
  return start > at - 4 ? start : at;
}

/** Splits raw output into lines. */
export function lineReader(take: TakeMessage): OutputReader {
  const line = new Message(take);
  return {
    read(chunk) {
      let start = 0;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, start)) {
        line.add(chunk.subarray(start, at));
        line.end();
        start = at + 1;
      }
      line.add(chunk.subarray(start));
    },
    end() {
      if (!line.empty) {
        line.end();
      }
    },
  };
}

const HEADER_BYTES = 16;
const MAGIC_MASK = 0xffff0000;
const MAGIC = 0xa55a0000;

/** Reads the frames in which a runtime writes its messages (type, length, microseconds, text; big-endian). */
export function frameReader(take: TakeMessage): OutputReader {
  const message = new Message(take);
  let header: Buffer = Buffer.alloc(0);
  /** What is still to come of a frame's text, while its header was read. */
  let missing: number | undefined;
  return {
    read(chunk) {
      let rest = chunk;
      while (rest.length > 0) {
        if (missing === undefined) {
          const taken = HEADER_BYTES - header.length;
          header = Buffer.concat([header, rest.subarray(0, taken)]);
          rest = rest.subarray(taken);
          if (header.length < HEADER_BYTES) {
            return;
          }
          if ((header.readUInt32BE(0) & MAGIC_MASK) >>> 0 !== MAGIC) {
            // Something that is no frame was written to the pipe: it is shown as it is.
            message.timestamp = undefined;
            message.add(header);
            message.add(rest);
            message.end();
            header = Buffer.alloc(0);
            return;
          }
          missing = header.readUInt32BE(4);
          message.timestamp = Number(header.readBigInt64BE(8) / 1000n);
          header = Buffer.alloc(0);
        }
        message.add(rest.subarray(0, missing));
        const taken = Math.min(missing, rest.length);
        rest = rest.subarray(taken);
        missing -= taken;
        if (missing === 0) {
          message.end();
          missing = undefined;
        }
      }
    },
    end() {
      if (missing === undefined && header.length === 0) {
        return;
      }
      // The time of a message that was not written to its end is not told.
      message.timestamp = undefined;
      message.add(header);
      message.end();
      header = Buffer.alloc(0);
      missing = undefined;
    },
  };
}
