import * as client from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { dynamoDbOperations } from "./dynamodb-operations.ts";
import { loadModel } from "./service-models.ts";

test("the operations are those of the SDK's client", () => {
  const commands = Object.keys(client).flatMap((name) => /^([A-Z]\w*)Command$/.exec(name)?.[1] ?? []);
  expect(dynamoDbOperations).toEqual(commands.toSorted());
});

test("the API of streams has its four, with their constraints", async () => {
  const model = await loadModel("dynamodbstreams");
  const { schema } = model;
  expect([...schema.operations.keys()]).toEqual(["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"]);
  const getRecords = schema.operations.get("GetRecords");
  if (getRecords === undefined) throw new Error("there is no GetRecords");
  expect(() => model.checkInput(getRecords, { ShardIterator: "a", Limit: 1001 })).toThrow(
    "Value '1001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 1000",
  );
});
