/**
 * What `node:http` can do with storage: streams of arrays, HTTP/1.1 and h2c on one port, partition keys hashed as they must be;
 * nothing is validated, nobody is asked for a signature, nothing is ever dropped. Records are kept as the text that GetRecords
 * sends. A limit, not a competitor.
 */

const http = process.getBuiltinModule("node:http");
const http2 = process.getBuiltinModule("node:http2");
const net = process.getBuiltinModule("node:net");
const { hash } = process.getBuiltinModule("node:crypto");

const largestPage = 10 * 1024 * 1024;
const prefix = "4".repeat(41);

/** @typedef {{ records: string[], sizes: number[] }} Shard */
/** @type {Map<string, Shard[]>} */
const streams = new Map();
let sequence = 0;

/** @param {string} name */
function shardsOf(name) {
  const shards = streams.get(name);
  if (shards === undefined) throw new Error("ResourceNotFoundException");
  return shards;
}

/** @param {number} index */
const shardId = (index) => `shardId-${String(index).padStart(12, "0")}`;

/** @param {Shard[]} shards @param {{ Data: string, PartitionKey: string }} record */
function put(shards, { Data, PartitionKey }) {
  const index = Math.floor((Number.parseInt(hash("md5", PartitionKey).slice(0, 8), 16) / 2 ** 32) * shards.length);
  const number = prefix + String(sequence++).padStart(15, "0");
  const key = JSON.stringify(PartitionKey);
  shards[index]?.records.push(
    `{"SequenceNumber":"${number}","ApproximateArrivalTimestamp":${Date.now() / 1000},"Data":"${Data}","PartitionKey":${key}}`,
  );
  shards[index]?.sizes.push((Data.length * 3) >> 2);
  return `{"SequenceNumber":"${number}","ShardId":"${shardId(index)}"}`;
}

/** @type {Record<string, (input: any) => string>} */
const operations = {
  ListStreams: () => JSON.stringify({ StreamNames: [...streams.keys()], HasMoreStreams: false }),
  CreateStream({ StreamName, ShardCount }) {
    streams.set(
      StreamName,
      Array.from({ length: ShardCount }, () => ({ records: [], sizes: [] })),
    );
    return "";
  },
  DeleteStream({ StreamName }) {
    streams.delete(StreamName);
    return "";
  },
  DescribeStreamSummary: ({ StreamName }) =>
    JSON.stringify({ StreamDescriptionSummary: { StreamName, StreamStatus: "ACTIVE" } }),
  GetShardIterator: ({ StreamName, ShardId }) =>
    JSON.stringify({ ShardIterator: `${StreamName}/${Number(ShardId.slice("shardId-".length))}/0` }),
  PutRecord: (input) => put(shardsOf(input.StreamName), input),
  PutRecords({ StreamName, Records }) {
    const shards = shardsOf(StreamName);
    return `{"FailedRecordCount":0,"Records":[${Records.map((/** @type {any} */ record) => put(shards, record)).join(",")}]}`;
  },
  GetRecords({ ShardIterator, Limit = 10_000 }) {
    const [name = "", shard, from] = ShardIterator.split("/");
    const { records, sizes } = shardsOf(name)[shard] ?? { records: [], sizes: [] };
    const last = Math.min(records.length, Number(from) + Limit);
    let end = Number(from);
    for (let bytes = 0; end < last; end++) {
      bytes += sizes[end] ?? 0;
      if (bytes > largestPage) break;
    }
    const page = records.slice(Number(from), end).join(",");
    return `{"MillisBehindLatest":0,"NextShardIterator":"${name}/${shard}/${end}","Records":[${page}]}`;
  },
};

/** @type {import("node:http").RequestListener} */
function serve(request, response) {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const operation = operations[String(request.headers["x-amz-target"]).slice("Kinesis_20131202.".length)];
    const reply = Buffer.from(operation?.(JSON.parse(Buffer.concat(chunks).toString())) ?? "");
    const headers = { "content-type": "application/x-amz-json-1.1", "content-length": reply.length };
    response.writeHead(operation === undefined ? 400 : 200, headers).end(reply);
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

net.createServer({ noDelay: true }, dispatch).listen(Number(process.argv[2]), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
