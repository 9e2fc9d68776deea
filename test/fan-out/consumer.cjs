/**
 * lifion-kinesis as a consumer with enhanced fan-out: `node consumer.cjs <endpoint>` in a directory where it is installed. Says each
 * record that it gets and each complaint as a line of JSON; reads `stop` and `start`, and ends with its input.
 */
const dns = require("node:dns");
const { createRequire } = require("node:module");
const path = require("node:path");
const { createInterface } = require("node:readline");

const installed = createRequire(path.join(process.cwd(), "package.json"));
const { Parser, parse } = installed("lifion-aws-event-stream");
const Kinesis = installed("lifion-kinesis");

// Its subscriptions take of the endpoint only the port: it signs, and calls, AWS's own name.
const { lookup } = dns;
dns.lookup = (name, ...rest) => lookup(name.endsWith(".amazonaws.com") ? "127.0.0.1" : name, ...rest);

// Of two messages that come in one read its parser loses the second, and of one that comes in two it loses the rest.
Parser.prototype._transform = function (chunk, _encoding, done) {
  this.dataBuffer = Buffer.concat([this.dataBuffer, chunk]);
  while (this.dataBuffer.length >= 4 && this.dataBuffer.length >= this.dataBuffer.readUInt32BE()) {
    const length = this.dataBuffer.readUInt32BE();
    this.push(parse(this.dataBuffer.subarray(0, length)));
    this.dataBuffer = this.dataBuffer.subarray(length);
  }
  done();
};

const aws = { endpoint: process.argv[2], region: "us-east-1", accessKeyId: "test", secretAccessKey: "test" };
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const kinesis = new Kinesis({
  ...aws,
  dynamoDb: aws,
  streamName: "orders",
  consumerGroup: "shop",
  createStreamIfNeeded: false,
  initialPositionInStream: "TRIM_HORIZON",
  leaseAcquisitionInterval: 500,
  maxEnhancedConsumers: 1,
  useEnhancedFanOut: true,
  logger: { error: (...problem) => say({ problem: problem.map(String) }) },
});
kinesis.on("data", ({ shardId, records }) => {
  for (const { data, partitionKey, sequenceNumber } of records) say({ shardId, data, partitionKey, sequenceNumber });
});
kinesis.on("error", (error) => say({ problem: [String(error)] }));

createInterface(process.stdin)
  .on("line", (command) => void (command === "stop" ? kinesis.stopConsumer() : kinesis.startConsumer()))
  .on("close", () => process.exit());
