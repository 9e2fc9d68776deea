/** The forms of ASN.1's Distinguished Encoding Rules that a certificate is written in (ITU-T X.690). */

export const sequence = (...items: readonly Uint8Array[]): Buffer => element(0x30, ...items);
export const set = (...items: readonly Uint8Array[]): Buffer => element(0x31, ...items);
export const octetString = (content: Uint8Array): Buffer => element(0x04, content);
export const utf8String = (text: string): Buffer => element(0x0c, Buffer.from(text));
export const boolean = (value: boolean): Buffer => element(0x01, Uint8Array.of(value ? 0xff : 0));

/** A number of any size from its bytes, the most significant first; never negative. */
export function integer(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? Uint8Array.of(0) : bytes.subarray(start);
  // A first bit that is set would be the sign.
  return (digits[0] ?? 0) < 0x80 ? element(0x02, digits) : element(0x02, Uint8Array.of(0), digits);
}

/** @param unusedBits How many of the last byte's bits do not count. */
export function bitString(content: Uint8Array, unusedBits = 0): Buffer {
  return element(0x03, Uint8Array.of(unusedBits), content);
}

/** @param dotted Such as `1.2.840.10045.4.3.2`. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return element(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** A time in whole seconds: with two digits of the year until 2049, as RFC 5280 wants it. */
export function time(epochMs: number): Buffer {
  const digits = new Date(epochMs).toISOString().replaceAll(/\.\d+|[^\dZ]/g, "");
  return digits < "2050" ? element(0x17, Buffer.from(digits.slice(2))) : element(0x18, Buffer.from(digits));
}

/** A member that its number tells apart: one that wraps another element, or plain content in place of one. */
export function member(number: number, content: Uint8Array, form: "wrapping" | "plain"): Buffer {
  return element((form === "wrapping" ? 0xa0 : 0x80) + number, content);
}

function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const length = contents.reduce((sum, content) => sum + content.length, 0);
  return Buffer.concat([Uint8Array.from([tag, ...lengthOf(length)]), ...contents]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return [0x80 + bytes.length, ...bytes];
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}
