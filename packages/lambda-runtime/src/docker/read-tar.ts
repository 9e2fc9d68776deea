import type { Readable } from "node:stream";

const BLOCK = 512;
/** Extended headers are a line or two: nobody's names are that long. */
const MAX_EXTENDED_BYTES = 65_536;

/** What an archive says of one of its members. */
export interface TarMember {
  readonly name: string;
  readonly isDirectory: boolean;
  readonly mode: number;
}

/** The members of a tar archive, without what is in them. */
export async function membersOf(archive: Readable): Promise<TarMember[]> {
  const members: TarMember[] = [];
  let longName: string | undefined;
  const bytes = new Bytes(archive);
  for (;;) {
    const header = await bytes.take(BLOCK);
    // Blocks of zeros are its end.
    if (header === undefined || header[0] === 0) return members;
    const size = Number.parseInt(text(header, 124, 12), 8) || 0;
    const type = text(header, 156, 1);
    if ((type === "x" || type === "L") && size <= MAX_EXTENDED_BYTES) {
      const content = ((await bytes.take(padded(size))) ?? Buffer.alloc(0)).toString("utf8", 0, size);
      longName = type === "x" ? (/(?:^|\n)\d+ path=([^\n]*)\n/.exec(content)?.[1] ?? longName) : text(content);
      continue;
    }
    await bytes.skip(padded(size));
    if (type === "g") continue;
    const prefix = text(header, 345, 155);
    const name = longName ?? (prefix === "" ? "" : `${prefix}/`) + text(header, 0, 100);
    members.push({ name, isDirectory: type === "5", mode: Number.parseInt(text(header, 100, 8), 8) || 0 });
    longName = undefined;
  }
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

/** Up to the first zero. */
function text(from: Buffer | string, start = 0, length = from.length): string {
  const all = typeof from === "string" ? from : from.toString("utf8", start, start + length);
  return all.split("\0", 1)[0] ?? "";
}

/** A stream from which one takes as much as one needs. */
class Bytes {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Undefined where there are not so many left. */
  async take(count: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (let missing = count; missing > 0;) {
      if (!(await this.#fill())) return undefined;
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  async skip(count: number): Promise<void> {
    for (let missing = count; missing > 0 && (await this.#fill());) {
      const skipped = Math.min(missing, this.#rest.length);
      this.#rest = this.#rest.subarray(skipped);
      missing -= skipped;
    }
  }

  async #fill(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#rest = next.value;
    }
    return true;
  }
}
