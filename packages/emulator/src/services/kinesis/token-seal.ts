import type { Cipher, Decipher } from "node:crypto";
import type { Ids } from "../../core/ids.ts";

const { createCipheriv, createDecipheriv, hash } = process.getBuiltinModule("node:crypto");

const algorithm = "aes-128-ecb";
const blockSize = 16;
const digestSize = 16;
const endOfText = 10;

/**
 * Turns text into opaque bytes and back, so that a token can carry its state and nobody needs a table of tokens.
 * Sealing the same text twice gives different bytes; bytes that were not sealed here are refused.
 * The ciphers are kept: making one costs ten times what a token does. That asks for a mode without chaining, which is
 * no loss where the plain text begins with a digest of itself and ends with random bytes.
 */
export class TokenSeal {
  readonly #ids: Ids;
  readonly #key: Uint8Array;
  #cipher: Cipher | undefined;
  #decipher: Decipher | undefined;

  /** @param key What `TokenSeal.newKey` gave: with the same, what was sealed once can be opened ever after. */
  constructor(ids: Ids, key: Uint8Array = TokenSeal.newKey(ids)) {
    this.#ids = ids;
    this.#key = key;
  }

  static newKey(ids: Ids): Uint8Array {
    return ids.bytes(blockSize);
  }

  /** `text` has no line breaks. The result is `atLeast` bytes long, rounded up to whole blocks, or longer where the text needs it. */
  seal(text: string, atLeast: number): Buffer {
    const textSize = Buffer.byteLength(text);
    const needed = digestSize + textSize + 1 + blockSize / 2;
    const plain = Buffer.alloc(Math.ceil(Math.max(needed, atLeast) / blockSize) * blockSize);
    plain.write(text, digestSize);
    plain[digestSize + textSize] = endOfText;
    const filler = digestSize + textSize + 1;
    plain.set(this.#ids.bytes(plain.length - filler), filler);
    plain.set(digestOf(plain.subarray(digestSize)));
    this.#cipher ??= createCipheriv(algorithm, this.#key, null).setAutoPadding(false);
    return this.#cipher.update(plain);
  }

  open(sealed: Uint8Array): string | undefined {
    if (sealed.length < 2 * blockSize || sealed.length % blockSize !== 0) return undefined;
    this.#decipher ??= createDecipheriv(algorithm, this.#key, null).setAutoPadding(false);
    const plain = this.#decipher.update(sealed);
    const body = plain.subarray(digestSize);
    if (!plain.subarray(0, digestSize).equals(digestOf(body))) return undefined;
    return body.toString("utf8", 0, body.indexOf(endOfText));
  }
}

function digestOf(bytes: Uint8Array): Buffer {
  return hash("md5", bytes, "buffer");
}
