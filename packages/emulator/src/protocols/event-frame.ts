/** Lengths and checksums around the headers and the body of a frame. */
const overhead = 16;

/** In a header: what follows is a text. */
const textType = 7;

/** The headers of a frame in bytes; all are texts. */
export function frameHeaders(headers: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(headers).map(([name, value]) => {
    const nameLength = Buffer.byteLength(name);
    const valueLength = Buffer.byteLength(value);
    const bytes = Buffer.alloc(nameLength + valueLength + 4);
    bytes.writeUInt8(nameLength, 0);
    bytes.write(name, 1);
    bytes.writeUInt8(textType, nameLength + 1);
    bytes.writeUInt16BE(valueLength, nameLength + 2);
    bytes.write(value, nameLength + 4);
    return bytes;
  });
  return Buffer.concat(parts);
}

/**
 * One frame of `application/vnd.amazon.eventstream` (Smithy's documentation). Its memory is its own.
 * The SDK's codec computes checksums in JavaScript, and takes three times as long for a stream of large chunks.
 */
export function eventFrame(headers: Buffer, body: Uint8Array | string): Buffer {
  const { crc32 } = process.getBuiltinModule("node:zlib");
  const length = overhead + headers.length + Buffer.byteLength(body);
  const frame = Buffer.allocUnsafeSlow(length);
  frame.writeUInt32BE(length, 0);
  frame.writeUInt32BE(headers.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  frame.set(headers, 12);
  if (typeof body === "string") frame.write(body, 12 + headers.length);
  else frame.set(body, 12 + headers.length);
  frame.writeUInt32BE(crc32(frame.subarray(0, length - 4)), length - 4);
  return frame;
}
