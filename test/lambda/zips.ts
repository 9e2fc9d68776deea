import { strToU8, zipSync } from "fflate";
import type { Zippable } from "fflate";

const unix = 3;
/** The same files make the same zip, whenever they are zipped. */
const always = new Date(2026, 0, 1);

/** A zip with these files; names ending in `/` are directories. */
export function zipOf(files: Readonly<Record<string, string | Uint8Array>>, mode = 0o100644): Uint8Array {
  const zippable: Zippable = {};
  for (const [name, content] of Object.entries(files)) {
    zippable[name] = [
      typeof content === "string" ? strToU8(content) : content,
      { os: unix, attrs: mode << 16, mtime: always },
    ];
  }
  return zipSync(zippable);
}

/** A zip with files and symbolic links. */
export function zipWithLinks(
  files: Readonly<Record<string, string>>,
  links: Readonly<Record<string, string>>,
): Uint8Array {
  const zippable: Zippable = {};
  for (const [name, content] of Object.entries(files)) zippable[name] = [strToU8(content), {}];
  for (const [name, target] of Object.entries(links)) {
    zippable[name] = [strToU8(target), { os: unix, attrs: (0o120777 << 16) >>> 0 }];
  }
  return zipSync(zippable);
}

const localHeader = 0x04034b50;
const centralHeader = 0x02014b50;

/** The zip of one file, which says that the file unpacks to `size` bytes. */
export function lyingZip(content: Uint8Array, size: number): Uint8Array {
  const zip = Buffer.from(zipSync({ "index.js": content }));
  const central = zip.indexOf(Buffer.from(Uint32Array.of(centralHeader).buffer));
  if (zip.readUInt32LE(0) !== localHeader || central < 0) throw new Error("not the zip that was expected");
  zip.writeUInt32LE(size, 22);
  zip.writeUInt32LE(size, central + 24);
  return zip;
}

const endRecord = 0x06054b50;
const unknown32 = 0xffffffff;

/** The zip of one file, which says that `what` stands in a record of zip64 that it has not. */
export function zipWithoutZip64(what: "size" | "directory"): Uint8Array {
  const zip = Buffer.from(zipSync({ "index.js": strToU8("x") }));
  const central = zip.indexOf(Buffer.from(Uint32Array.of(centralHeader).buffer));
  const end = zip.indexOf(Buffer.from(Uint32Array.of(endRecord).buffer));
  if (central < 0 || end < 0) throw new Error("not the zip that was expected");
  if (what === "size") zip.writeUInt32LE(unknown32, central + 24);
  else zip.writeUInt32LE(unknown32, end + 16);
  return zip;
}

/** The zip of one file, which says that it has so many, as zip64 tells it. */
export function zipOfSoMany(entries: number): Uint8Array {
  const zip = Buffer.from(zipSync({ "index.js": strToU8("x") }));
  const central = zip.indexOf(Buffer.from(Uint32Array.of(centralHeader).buffer));
  const at = zip.indexOf(Buffer.from(Uint32Array.of(endRecord).buffer));
  if (central < 0 || at < 0) throw new Error("not the zip that was expected");
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  for (const place of [24, 32]) record.writeBigUInt64LE(BigInt(entries), place);
  record.writeBigUInt64LE(BigInt(at - central), 40);
  record.writeBigUInt64LE(BigInt(central), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(at), 8);
  locator.writeUInt32LE(1, 16);
  const end = zip.subarray(at);
  for (const place of [8, 10]) end.writeUInt16LE(0xffff, place);
  for (const place of [12, 16]) end.writeUInt32LE(unknown32, place);
  return Buffer.concat([zip.subarray(0, at), record, locator, end]);
}
