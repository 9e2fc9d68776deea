/**
 * What a server on Node.js costs without doing anything: HTTP/1.1 and h2c on one port, a body parsed, a small reply.
 * A request with `x-reply-bytes` gets that many bytes instead.
 */

const http = process.getBuiltinModule("node:http");
const http2 = process.getBuiltinModule("node:http2");
const net = process.getBuiltinModule("node:net");

const sequenceNumber = "4".repeat(56);
const putReply = `{"SequenceNumber":"${sequenceNumber}","ShardId":"shardId-000000000000"}`;

/** @param {string} target @param {string} body */
function replyTo(target, body) {
  const input = body === "" ? {} : JSON.parse(body);
  if (input.Records !== undefined) {
    return `{"FailedRecordCount":0,"Records":[${input.Records.map(() => putReply).join(",")}]}`;
  }
  return target.endsWith("ListStreams") ? '{"StreamNames":[],"HasMoreStreams":false}' : putReply;
}

/** @type {import("node:http").RequestListener} */
function serve(request, response) {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const wanted = Number(request.headers["x-reply-bytes"] ?? 0);
    const target = String(request.headers["x-amz-target"] ?? "");
    const reply =
      wanted > 0 ? Buffer.alloc(wanted, 0x78) : Buffer.from(replyTo(target, Buffer.concat(chunks).toString()));
    const headers = { "content-type": "application/x-amz-json-1.1", "content-length": reply.length };
    response.writeHead(200, headers).end(reply);
  });
}

const h1 = http.createServer({ keepAliveTimeout: 60_000 }, serve);
const h2 = http2.createServer({}, serve);

/** @param {import("node:net").Socket} socket */
function dispatch(socket) {
  socket.on("error", () => {});
  socket.once("readable", () => {
    const first = socket.read();
    if (!Buffer.isBuffer(first)) return;
    socket.unshift(first);
    (first.subarray(0, 3).toString("latin1") === "PRI" ? h2 : h1).emit("connection", socket);
  });
}

const server = net.createServer({ noDelay: true }, dispatch);
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => process.stdout.write("Ready.\n"));
process.on("SIGTERM", () => process.exit(0));
