import { notBase64 } from "./type-errors.ts";

/** The URL alphabet, and characters of which Node's decoder would take the low byte for a letter. */
const unlikeBase64 = /[-_\u0100-\uffff]/u;
const plus = 0x2b;
const slash = 0x2f;

/**
 * Bytes of a base64 text, as strict as AWS: Node's decoder skips what it does not know and takes the URL alphabet too,
 * so a text is accepted when it decodes to all the bytes it should and uses none of that.
 */
export function decodeBase64(text: string): Buffer {
  const length = text.length;
  if (length === 0) return Buffer.alloc(0);
  if (length % 4 !== 0) {
    throw notBase64(text, `Base64 encoded length is expected a multiple of 4 bytes but found: ${length}`);
  }
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== (length / 4) * 3 - padding || unlikeBase64.test(text)) throw invalid(text);
  if (padding > 0 && hasUnusedBits(text.charCodeAt(length - padding - 1), padding)) throw invalid(text);
  return bytes;
}

function invalid(text: string): Error {
  const bad = /[^A-Za-z0-9+/=]|=(?=[^=])/u.exec(text) ?? /=(?=={2})/u.exec(text);
  return bad === null
    ? notBase64(text, "Invalid last non-pad Base64 character dectected") // AWS: spelled so (kinesalite's suite)
    : notBase64(text, `Invalid Base64 character: '${bad[0]}'`);
}

/** Before one `=` the last character holds 2 bits that no byte uses, before two it holds 4: they must be zero. */
function hasUnusedBits(code: number, padding: number): boolean {
  return (sextet(code) & (padding === 1 ? 0b11 : 0b1111)) !== 0;
}

function sextet(code: number): number {
  if (code >= 0x61) return code - 0x61 + 26;
  if (code >= 0x41) return code - 0x41;
  if (code >= 0x30) return code - 0x30 + 52;
  return code === plus ? 62 : code === slash ? 63 : 0;
}

/** Base64 text of bytes; a string counts as its UTF-8 bytes. */
export function encodeBase64(bytes: Uint8Array | string): string {
  if (typeof bytes === "string") return Buffer.from(bytes, "utf8").toString("base64");
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString("base64");
}
