import type { StreamRecord } from "../ports.ts";
import { isObject } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";
import type { RecordView } from "./record-view.ts";

/**
 * AWS: the record as the function gets it, attributes with their types: numbers are texts (recorded on AWS). Its ARN is no part of
 * it, which is assumed.
 */
export const dynamoDbView: RecordView<StreamRecord> = {
  contentKey: "dynamodb",
  comparesText: false,
  contentOf: (record) => ({ kind: "json", value: membersOf(record)["dynamodb"] ?? {} }),
  metadataOf(record) {
    const { dynamodb: _content, ...metadata } = membersOf(record);
    return metadata;
  },
};

function membersOf({ data }: StreamRecord): JsonObject {
  const record: Json = JSON.parse(data.toString());
  return isObject(record) ? record : {};
}
