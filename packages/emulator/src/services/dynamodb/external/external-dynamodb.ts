import { TaskGroup } from "../../../core/task-group.ts";
import { dynamoDbOperations } from "../../../protocols/dynamodb-operations.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { regionOf } from "../../../core/arns.ts";
import type { JsonObject } from "../attribute-value.ts";
import type { DynamoDb } from "../index.ts";
import type { DynamoDbPorts } from "../ports.ts";
import { typedRecord } from "../typed-record.ts";
import { MirroredStream } from "./mirrored-stream.ts";
import { tableServer } from "./table-server.ts";
import type { TableServer } from "./table-server.ts";

/**
 * The tables of another server: calls are handed on to it, and mappings read its streams. Worlds share them, unless the server
 * keeps those of each access key apart.
 */
export function createExternalDynamoDb(ports: DynamoDbPorts, endpoint: string, accessKeyId: string): DynamoDb {
  const { clock, host, activity, reportInternalError } = ports;
  const tasks = new TaskGroup((error, label) => reportInternalError(label, error));
  const servers = new Map<string, TableServer>();
  const streams = new Map<string, MirroredStream>();
  const serverOf = (region: string): TableServer => {
    let server = servers.get(region);
    if (server === undefined) {
      server = tableServer(endpoint, region, accessKeyId);
      servers.set(region, server);
    }
    return server;
  };
  const handOn = (operation: string) => async (input: JsonObject, call: CallContext) => {
    const output = await serverOf(call.region).call(`DynamoDB_20120810.${operation}`, input, call.signal);
    // Whoever wrote and waits for idle waits for what mappings make of it.
    await Promise.all([...streams.values()].map((stream) => stream.pollAgain()));
    return output;
  };
  const read = (operation: string, input: object, call: CallContext): Promise<JsonObject> =>
    serverOf(call.region).call(`DynamoDBStreams_20120810.${operation}`, { ...input }, call.signal);
  return {
    operations: Object.fromEntries(dynamoDbOperations.map((operation) => [operation, handOn(operation)])),
    notImplemented: {},
    streamOperations: {
      async DescribeStream(input, call) {
        const { StreamDescription: described }: JsonObject = await read("DescribeStream", input, call);
        if (typeof described !== "object" || described === null) return {};
        const { CreationRequestDateTime: seconds, ...members }: JsonObject = { ...described };
        return { StreamDescription: { ...members, CreationRequestDateTime: new Date(Number(seconds) * 1000) } };
      },
      async GetRecords(input, call) {
        const { Records: records, ...members } = await read("GetRecords", input, call);
        return { ...members, Records: Array.isArray(records) ? records.map(typedRecord) : [] };
      },
      GetShardIterator: (input, call) => read("GetShardIterator", input, call),
      ListStreams: (input, call) => read("ListStreams", input, call),
    },
    async openStream(arn) {
      const region = regionOf(arn);
      const known = streams.get(arn);
      const stream =
        known ?? new MirroredStream(arn, { server: serverOf(region), clock, host, activity, signal: tasks.signal });
      await stream.poll();
      const reader = stream.reader();
      if (stream.isGone || reader.shards().length === 0) return undefined;
      streams.set(arn, stream);
      return reader;
    },
    peek: () => undefined,
    close() {
      for (const stream of streams.values()) stream.stop();
      void tasks.close();
    },
  };
}
