import { crc32, deflateRawSync } from "node:zlib";

const localHeader = 0x04034b50;
const centralHeader = 0x02014b50;
const endOfCentralDirectory = 0x06054b50;
/** The first version of the format that knows deflate: 2.0. */
const version = 20;
/** Names are UTF-8. */
const flags = 0x0800;
const deflate = 8;
/** 1980-01-01, the first day that the format knows: the same files make the same bytes, whenever it is. */
const date = 0x0021;
/** A regular file that all may read, in the attributes' upper half, where the archive was made on Unix (3). */
const madeBy = 0x0300 | version;
const attributes = 0o100644 * 0x10000;

/** A zip archive of files by their names, for a deployment package: few files, well under 4 GiB. */
export function zipOf(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of files) {
    const path = Buffer.from(name);
    const data = deflateRawSync(content);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(version, 0);
    facts.writeUInt16LE(flags, 2);
    facts.writeUInt16LE(deflate, 4);
    facts.writeUInt16LE(date, 8);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(data.length, 14);
    facts.writeUInt32LE(content.length, 18);
    facts.writeUInt16LE(path.length, 22);
    bodies.push(uint32(localHeader), facts, path, data);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(attributes, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(uint32(centralHeader), uint16(madeBy), facts, rest, path);
    offset += 4 + facts.length + path.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(endOfCentralDirectory, 0);
  end.writeUInt16LE(files.size, 8);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(
    directory.reduce((size, part) => size + part.length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, ...directory, end]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
