import { isUtf8 } from "node:buffer";
import { gunzipSync } from "node:zlib";

/** What is unpacked at most, in bytes: more than the largest record or message that holds text a person wrote. */
const longestUnpacked = 64 * 1024 * 1024;

/**
 * What a record or a message says: gzip is unpacked, JSON parsed, other UTF-8 given as a string and anything else as its bytes.
 */
export function decodeBytes(bytes: Uint8Array): unknown {
  const plain = gunzip(bytes) ?? bytes;
  return isUtf8(plain) ? decodeText(Buffer.from(plain).toString("utf8")) : plain;
}

/** JSON parsed, other text as it is. */
export function decodeText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function gunzip(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return undefined;
  try {
    return gunzipSync(bytes, { maxOutputLength: longestUnpacked });
  } catch {
    // It only begins like gzip: the bytes are shown as they are.
    return undefined;
  }
}

/** Text as it is, anything else as JSON. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
