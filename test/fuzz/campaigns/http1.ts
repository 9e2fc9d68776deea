import fc from "fast-check";
import { signature } from "../../emulator/raw-http.ts";
import { mutated, times } from "../bytes.ts";
import { campaign } from "../campaign.ts";
import { sendBytes } from "../send.ts";

const { authorization = "" } = signature("kinesis");
const call = [
  "POST / HTTP/1.1",
  "Host: localhost",
  `Authorization: ${authorization}`,
  "X-Amz-Date: 20260101T000000Z",
  "X-Amz-Target: Kinesis_20131202.ListStreams",
  "Content-Type: application/x-amz-json-1.1",
];

const whole = `${[...call, "Content-Length: 2"].join("\r\n")}\r\n\r\n{}`;
const chunked = `${[...call, "Transfer-Encoding: chunked", "Trailer: X-Later"].join("\r\n")}\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\nX-Later: 1\r\n\r\n`;
const object =
  "PUT /bucket/key?x=%20 HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc";
const upgrade =
  "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c, websocket\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
const tunnel = "CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n";
const absolute = "GET http://evil.example/_localemu/info HTTP/1.1\r\nHost: localhost\r\n\r\n";

const tokens = [
  "\r\n",
  "\n",
  "\0",
  " ",
  ":",
  "\r\n ",
  "\r\n\r\n",
  "Content-Length: 5\r\n",
  "Content-Length: -1\r\n",
  "Content-Length: 99999999999999999999\r\n",
  "Content-Length: 0x10\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Transfer-Encoding: identity, chunked\r\n",
  "Transfer-Encoding : chunked\r\n",
  "Host: evil.example\r\n",
  "Connection: close, Content-Length\r\n",
  "Connection: Upgrade\r\nUpgrade: h2c\r\n",
  "Content-Type: application/vnd.amazon.eventstream\r\n",
  "Expect: 200-maybe\r\n",
  "HTTP/2.0",
  "HTTP/0.9",
  "FFFFFFFFFFFFFFFF\r\n",
  "-1\r\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "/../..//%2e%2e/%00",
  "/_world/",
  "/_localemu/",
  "*",
];

/** Heads larger than anybody sends. */
const huge = fc.constantFrom(
  `GET /${times("a", 100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${times("a", 100_000)}\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: localhost\r\n${times("X-Many: 1\r\n", 5_000)}\r\n`,
  `GET / HTTP/1.1\r\nHost: localhost\r\n${times("Host: localhost\r\n", 100)}\r\n`,
  `POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;${times("x", 50_000)}\r\n{\r\n0\r\n\r\n`,
  times(whole, 200),
);

const seeds = [whole, chunked, object, upgrade, tunnel, absolute, whole + chunked].map((text) => Buffer.from(text));

export const http1 = campaign("HTTP/1.1 on bare sockets", {
  inputs: fc.record({
    bytes: fc.oneof(
      { weight: 12, arbitrary: mutated(seeds, tokens) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
      { weight: 1, arbitrary: huge.map((text) => Buffer.from(text)) },
    ),
    cut: fc.boolean(),
  }),
  send: sendBytes,
});
