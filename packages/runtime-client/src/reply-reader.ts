/// <reference types="node" preserve="true" />

/** A reply of HTTP/1.1. */
export interface Reply {
  readonly status: number;
  /** By lower-case name, several of one name joined by commas. Bytes are characters, as in `node:http`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

const NOTHING = Buffer.alloc(0);

/**
 * Reads the replies of one connection, one for each request. What `node:http` does as well, for more: it is most of what a small
 * invocation would cost, and of what a cold start would load.
 */
export class ReplyReader {
  #unread: Buffer = NOTHING;
  #head: Head | undefined;
  /** How much of a body is to come whose length is known. */
  #missing = 0;
  readonly #chunks: Buffer[] = [];

  /** Takes bytes as they come; returns the reply when they complete one. Throws when they are no HTTP. */
  read(bytes: Buffer): Reply | undefined {
    this.#unread = this.#unread.byteLength === 0 ? bytes : Buffer.concat([this.#unread, bytes]);
    const head = (this.#head ??= this.#readHead());
    if (head === undefined) return undefined;
    const body = isChunked(head) ? this.#readChunks() : this.#readRest();
    if (body === undefined) return undefined;
    this.#head = undefined;
    return { ...head, body };
  }

  #readHead(): Head | undefined {
    for (;;) {
      const end = this.#unread.indexOf("\r\n\r\n");
      if (end < 0) return undefined;
      const head = parseHead(this.#unread.toString("latin1", 0, end));
      this.#unread = this.#unread.subarray(end + 4);
      // Something like 100 Continue: the reply follows.
      if (head.status >= 200) {
        this.#missing = lengthOf(head);
        return head;
      }
    }
  }

  /** Nothing is copied twice, however long it is. */
  #readRest(): Buffer | undefined {
    const part = this.#unread.subarray(0, this.#missing);
    this.#unread = this.#unread.subarray(part.byteLength);
    this.#missing -= part.byteLength;
    if (this.#missing === 0 && this.#chunks.length === 0) return part;
    this.#chunks.push(part);
    return this.#missing === 0 ? Buffer.concat(this.#chunks.splice(0)) : undefined;
  }

  #readChunks(): Buffer | undefined {
    for (;;) {
      const end = this.#unread.indexOf("\r\n");
      if (end < 0) return undefined;
      const text = this.#unread.toString("latin1", 0, end);
      const [, digits] = /^([\da-f]{1,12})[ \t]*(?:;|$)/i.exec(text) ?? [];
      if (digits === undefined)
        throw new Error(`The Runtime API sent a chunk without its length: ${text.slice(0, 80)}`);
      const length = Number.parseInt(digits, 16);
      if (length === 0) return this.#endOfChunks(end);
      const from = end + 2;
      if (this.#unread.byteLength < from + length + 2) return undefined;
      this.#chunks.push(this.#unread.subarray(from, from + length));
      this.#unread = this.#unread.subarray(from + length + 2);
    }
  }

  /** Trailers, which are of no use here, end with an empty line. */
  #endOfChunks(at: number): Buffer | undefined {
    const end = this.#unread.indexOf("\r\n\r\n", at);
    if (end < 0) return undefined;
    this.#unread = this.#unread.subarray(end + 4);
    return Buffer.concat(this.#chunks.splice(0));
  }
}

function parseHead(text: string): Head {
  const [first = "", ...lines] = text.split("\r\n");
  const [, status] = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first) ?? [];
  if (status === undefined) throw new Error(`The Runtime API does not speak HTTP: ${first.slice(0, 80)}`);
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return { status: Number(status), headers };
}

function isChunked({ headers }: Head): boolean {
  return /(?:^|,)\s*chunked$/i.test(headers["transfer-encoding"] ?? "");
}

/** A reply that does not say has no body: nobody who keeps connections ends one to say so. */
function lengthOf({ headers }: Head): number {
  const text = headers["content-length"] ?? "0";
  if (!/^\d{1,12}$/.test(text)) throw new Error(`The Runtime API sent a length that is none: ${text.slice(0, 80)}`);
  return Number(text);
}
