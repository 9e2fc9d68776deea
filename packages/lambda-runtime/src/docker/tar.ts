import type { Stats } from "node:fs";

const BLOCK = 512;

/** A file, directory or link that goes into an archive. */
interface Entry {
  /** In the archive, without a slash at its beginning or end. */
  readonly name: string;
  readonly type: "file" | "directory" | "link";
  readonly mode: number;
  readonly size: number;
  /** Where a link leads to. */
  readonly target: string;
}

/** What lies in directories of this machine, as a tar archive: each directory by the name that it has in the archive. Everything belongs to root. */
export async function* tarOf(directories: Readonly<Record<string, string>>): AsyncGenerator<Uint8Array> {
  for (const [name, directory] of Object.entries(directories)) {
    yield* headersOf({ name, type: "directory", mode: 0o755, size: 0, target: "" });
    yield* contentOf(name, directory);
  }
  yield Buffer.alloc(2 * BLOCK);
}

async function* contentOf(name: string, directory: string): AsyncGenerator<Uint8Array> {
  const { lstat, readdir, readlink } = process.getBuiltinModule("node:fs").promises;
  for (const child of (await readdir(directory)).toSorted()) {
    const path = `${directory}/${child}`;
    const stats = await lstat(path);
    const entry = { name: `${name}/${child}`, mode: stats.mode & 0o777, size: 0, target: "" };
    if (stats.isDirectory()) {
      yield* headersOf({ ...entry, type: "directory" });
      yield* contentOf(entry.name, path);
    } else if (stats.isSymbolicLink()) {
      yield* headersOf({ ...entry, type: "link", target: await readlink(path) });
    } else if (stats.isFile()) {
      yield* fileOf({ ...entry, type: "file" }, path, stats);
    }
  }
}

/** A file that changes while it is read is as long as it was at first: its header has been sent. */
async function* fileOf(entry: Entry, path: string, { size }: Stats): AsyncGenerator<Uint8Array> {
  yield* headersOf({ ...entry, size });
  let missing = size;
  if (size > 0) {
    const { createReadStream } = process.getBuiltinModule("node:fs");
    const chunks: AsyncIterable<Buffer> = createReadStream(path, { end: size - 1 });
    for await (const chunk of chunks) {
      missing -= chunk.length;
      yield chunk;
    }
  }
  yield Buffer.alloc(missing + padding(size));
}

const types = { file: "0", directory: "5", link: "2" } as const;

/** A name that does not fit goes before the entry, as an extended header. */
function* headersOf(entry: Entry): Generator<Uint8Array> {
  const name = entry.type === "directory" ? `${entry.name}/` : entry.name;
  const extended = [
    ...(fits(name) ? [] : [record("path", name)]),
    ...(fits(entry.target) ? [] : [record("linkpath", entry.target)]),
  ];
  if (extended.length > 0) {
    const content = Buffer.concat(extended);
    yield header({ name: "extended", mode: 0o644, size: content.length, target: "" }, "x");
    yield content;
    yield Buffer.alloc(padding(content.length));
  }
  yield header({ ...entry, name }, types[entry.type]);
}

function fits(text: string): boolean {
  return Buffer.byteLength(text) <= 100 && /^[\x20-\x7e]*$/.test(text);
}

/** `<length> <key>=<value>\n`, where the length counts its own digits. */
function record(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  const length = Buffer.byteLength(rest);
  const digits = String(length + String(length).length).length;
  return Buffer.from(`${length + digits}${rest}`);
}

/** The form of POSIX (ustar). A name that an extended header has may be cut off here. */
function header({ name, mode, size, target }: Omit<Entry, "type">, type: string): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number): number =>
    block.write(value.toString(8).padStart(digits, "0"), at, "latin1");
  block.write(name, 0, 100, "latin1");
  octal(mode, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  block.write("        ", 148, "latin1");
  block.write(type, 156, "latin1");
  block.write(target, 157, 100, "latin1");
  block.write("ustar\u000000", 257, "latin1");
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  block.write("\u0000 ", 154, "latin1");
  return block;
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
