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

/**
 * What lies in directories of this machine, as a tar archive: each directory by the name that it has in the archive. Everything
 * belongs to root. Links lead to the same as here: what they lead to outside of the directories takes the place of the first one,
 * but nothing does that has one of the directories in it.
 */
export async function* tarOf(directories: Readonly<Record<string, string>>): AsyncGenerator<Uint8Array> {
  const { realpath } = process.getBuiltinModule("node:fs").promises;
  const roots: Place[] = [];
  for (const [name, directory] of Object.entries(directories)) roots.push({ name, real: await realpath(directory) });
  const followed = new Map<string, string>();
  for (const root of roots) {
    yield* headersOf({ name: root.name, type: "directory", mode: 0o755, size: 0, target: "" });
    yield* contentOf(root, { root, roots, followed });
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** A file or directory by its name in the archive, and by its path without links. */
interface Place {
  readonly name: string;
  readonly real: string;
}

/** What is in an archive. */
interface Content {
  /** The directory at hand, of all. */
  readonly root: Place;
  readonly roots: readonly Place[];
  /** What links led to outside of them: names by paths without links. */
  readonly followed: Map<string, string>;
}

async function* contentOf(directory: Place, content: Content): AsyncGenerator<Uint8Array> {
  const { lstat, readdir } = process.getBuiltinModule("node:fs").promises;
  const path = process.getBuiltinModule("node:path");
  for (const child of (await readdir(directory.real)).toSorted()) {
    const place = { name: `${directory.name}/${child}`, real: path.join(directory.real, child) };
    const stats = await lstat(place.real);
    if (stats.isSymbolicLink()) yield* linkOf(place.name, place.real, content);
    else yield* memberOf(place, stats, content);
  }
}

async function* memberOf(place: Place, stats: Stats, content: Content): AsyncGenerator<Uint8Array> {
  const { name, real } = place;
  const mode = stats.mode & 0o777;
  const before = content.followed.get(real) ?? name;
  if (before !== name) {
    yield* headersOf(linkTo(name, between(name, before)));
  } else if (stats.isDirectory()) {
    yield* headersOf({ name, type: "directory", mode, size: 0, target: "" });
    yield* contentOf(place, content);
  } else if (stats.isFile()) {
    yield* fileOf({ name, type: "file", mode, size: stats.size, target: "" }, real);
  }
}

async function* linkOf(name: string, path: string, content: Content): AsyncGenerator<Uint8Array> {
  const { readlink, realpath, stat } = process.getBuiltinModule("node:fs").promises;
  const { sep } = process.getBuiltinModule("node:path");
  const real = await realpath(path).catch(isMissing);
  const within = real === undefined ? undefined : nameOf(real, content);
  if (within !== undefined) {
    yield* headersOf(linkTo(name, between(name, within)));
  } else if (real === undefined || content.roots.some((root) => root.real.startsWith(withEnd(real, sep)))) {
    yield* headersOf(linkTo(name, await readlink(path)));
  } else {
    content.followed.set(real, name);
    yield* memberOf({ name, real }, await stat(real), content);
  }
}

/** Where something is in the archive; undefined where it is not in there. */
function nameOf(real: string, { root, roots, followed }: Content): string | undefined {
  const { sep } = process.getBuiltinModule("node:path");
  const places = [root, ...roots, ...[...followed].map(([path, name]) => ({ name, real: path }))];
  const place = places.find((other) => real === other.real || real.startsWith(withEnd(other.real, sep)));
  return place && place.name + real.slice(place.real.length).replaceAll(sep, "/");
}

/** The root of a file system ends in a separator already. */
function withEnd(path: string, separator: string): string {
  return path.endsWith(separator) ? path : path + separator;
}

function linkTo(name: string, target: string): Entry {
  return { name, type: "link", mode: 0o777, size: 0, target };
}

/** The way from a link to another name in the archive. */
function between(link: string, name: string): string {
  const { posix } = process.getBuiltinModule("node:path");
  return posix.relative(posix.dirname(link), name) || ".";
}

function isMissing(error: unknown): undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP") return undefined;
  throw error;
}

/** A file that changes while it is read is as long as it was at first: its header has been sent. */
async function* fileOf(entry: Entry, path: string): AsyncGenerator<Uint8Array> {
  const { size } = entry;
  yield* headersOf(entry);
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
