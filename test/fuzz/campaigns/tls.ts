import { connect, createServer } from "node:net";
import { once } from "node:events";
import { connect as connectTls } from "node:tls";
import type { Duplex } from "node:stream";
import { PassThrough } from "node:stream";
import fc from "fast-check";
import { mutated } from "../bytes.ts";
import { campaign } from "../campaign.ts";
import { sendBytes } from "../send.ts";

/** What a client says first. */
async function clientHello(servername: string, protocols: readonly string[]): Promise<Buffer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const accepted = once(server, "connection");
  const client = connectTls({ socket: connect(port, "127.0.0.1"), servername, ALPNProtocols: [...protocols] });
  client.on("error", () => {});
  const [socket]: Duplex[] = await accepted;
  const hello = new PassThrough();
  socket?.pipe(hello);
  const [bytes]: unknown[] = await once(hello, "data");
  client.destroy();
  socket?.destroy();
  server.close();
  if (!Buffer.isBuffer(bytes)) throw new Error("a client of TLS said nothing");
  return bytes;
}

const hellos = [
  await clientHello("localhost", ["h2", "http/1.1"]),
  await clientHello("any.example", []),
  await clientHello(`${"a".repeat(60)}.${"b".repeat(60)}.example`, ["no-such-protocol"]),
];
/** Records that are none of a client that begins. */
const records = ["16", "1603", "160301ffff", "1603010000", "1600000005ffffffffff", "160303000101", "16fefd0001020304"];

export const tls = campaign("TLS handshakes", {
  inputs: fc.record({
    bytes: fc.oneof(
      { weight: 6, arbitrary: mutated(hellos, ["\x16\x03\x01", "evil\0.localhost", "\x15\x03\x03\x00\x02\x02\x28"]) },
      { weight: 1, arbitrary: mutated(records.map((hex) => Buffer.from(hex, "hex"))) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((rest) => Buffer.concat([Buffer.of(0x16), rest])) },
    ),
    cut: fc.boolean(),
  }),
  send: sendBytes,
});
