/** A message of AWS's event streams: lengths, headers that are texts, a payload, and a checksum of either. */
export function eventMessage(type: string, contentType: string, payload: Uint8Array): Buffer {
  const { crc32 } = process.getBuiltinModule("node:zlib");
  const headers = Buffer.concat([
    textHeader(":event-type", type),
    textHeader(":content-type", contentType),
    textHeader(":message-type", "event"),
  ]);
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 + headers.byteLength + payload.byteLength, 0);
  prelude.writeUInt32BE(headers.byteLength, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const message = Buffer.concat([prelude, headers, payload]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(message), 0);
  return Buffer.concat([message, checksum]);
}

const TEXT = 7;

function textHeader(name: string, value: string): Buffer {
  const head = Buffer.from([name.length, ...Buffer.from(name), TEXT, 0, 0]);
  head.writeUInt16BE(value.length, head.byteLength - 2);
  return Buffer.concat([head, Buffer.from(value)]);
}
