import { describe, expect, test } from "vitest";
import { ReplyReader } from "./reply-reader.ts";

const whole = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}';
const chunked =
  'HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n3;x=y\r\n:1}\r\n0\r\nTrailer: t\r\n\r\n';

describe("a reply", () => {
  test.each([
    ["with its length", whole, 200],
    ["in chunks, with trailers", chunked, 202],
    ["after 100 Continue", `HTTP/1.1 100 Continue\r\n\r\n${whole}`, 200],
  ])("%s is read wherever it is cut", (_, text, status) => {
    const bytes = Buffer.from(text, "latin1");
    for (let at = 0; at < bytes.byteLength; at++) {
      const reader = new ReplyReader();
      expect(at === 0 ? undefined : reader.read(bytes.subarray(0, at))).toBeUndefined();
      const reply = reader.read(bytes.subarray(at));
      expect([reply?.status, reply?.body.toString()]).toEqual([status, '{"a":1}']);
    }
  });

  test("may come byte by byte, and the next one after it", () => {
    const reader = new ReplyReader();
    for (const text of [chunked, whole, chunked]) {
      const found = [...Buffer.from(text, "latin1")].map((byte) => reader.read(Buffer.from([byte])));
      expect(found.filter((reply) => reply !== undefined)).toHaveLength(1);
      expect(found.at(-1)?.body.toString()).toBe('{"a":1}');
    }
  });

  test("has its headers by lower-case name, several of a name joined, bytes as characters", () => {
    const text = "HTTP/1.1 204 \r\nA-B:  1 \r\nEmpty:\r\nx: \u00c3\u00a4\r\na-b: 2\r\n\r\n";
    const reply = new ReplyReader().read(Buffer.from(text, "latin1"));
    expect(reply).toMatchObject({ status: 204, headers: { "a-b": "1, 2", empty: "", x: "\u00c3\u00a4" } });
    expect(reply?.body).toHaveLength(0);
  });

  test.each([
    ["no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", "does not speak HTTP: SSH-2.0-OpenSSH"],
    ["a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "a length that is none: -1"],
    [
      "a chunk without length",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
      "a chunk without its length: x",
    ],
  ])("that is %s is refused", (_, text, message) => {
    expect(() => new ReplyReader().read(Buffer.from(text))).toThrow(message);
  });
});
