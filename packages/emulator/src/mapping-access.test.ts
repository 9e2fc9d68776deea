import { describe, expect, test } from "vitest";
import type { NeededAccess } from "./authorization/needed-access.ts";
import { queueDenial, readDenial, refusedSource } from "./mapping-access.ts";
import type { Deny } from "./mapping-access.ts";
import { AwsError } from "./protocols/errors.ts";

const stream = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";
const consumer = `${stream}/consumer/reader:1700000000`;
const table = "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-01-01T00:00:00.000";
const queue = "arn:aws:sqs:us-east-1:000000000000:orders";

/** What a role needs for each source, by AWS's documentation. */
const sources: readonly [source: string, arn: string, needed: readonly [action: string, resource: string][]][] = [
  [
    "a stream",
    stream,
    ["GetRecords", "GetShardIterator", "DescribeStream", "ListShards"].map((name) => [`kinesis:${name}`, stream]),
  ],
  [
    "a consumer",
    consumer,
    [
      ["kinesis:SubscribeToShard", consumer],
      ["kinesis:DescribeStream", stream],
      ["kinesis:ListShards", stream],
    ],
  ],
  [
    "a table's stream",
    table,
    ["GetRecords", "GetShardIterator", "DescribeStream"].map((name) => [`dynamodb:${name}`, table]),
  ],
  ["a queue", queue, ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].map((name) => [`sqs:${name}`, queue])],
];

const isOn = ({ action, resource }: NeededAccess, one: readonly [string, string]): boolean =>
  action === one[0] && resource === one[1];

/** A role that may do these things. */
const mayDo =
  (allowed: readonly (readonly [action: string, resource: string])[]): Deny =>
  (needed) => {
    const missing = needed.find((access) => !allowed.some((one) => isOn(access, one)));
    if (missing === undefined) return undefined;
    // As the error of SQS has it.
    const action = missing.action.startsWith("sqs:") ? missing.action.toLowerCase() : missing.action;
    return new AwsError("AccessDenied", `not authorized to perform: ${action} on resource`);
  };

describe.each(sources)("%s", (_, arn, needed) => {
  test("is taken where its function may do all that reading needs", () => {
    expect(refusedSource(arn, mayDo(needed))).toBeUndefined();
    expect(readDenial(arn, mayDo(needed))()).toBeUndefined();
  });

  test.each(needed)("is refused without %s", (action, resource) => {
    const deny = mayDo(needed.filter((one) => !isOn({ action, resource }, one)));
    const operation = action.slice(action.indexOf(":") + 1);
    expect(refusedSource(arn, deny)).toMatchObject({
      name: "InvalidParameterValueException",
      message:
        arn === queue
          ? `The provided execution role does not have permissions to call ${operation} on SQS`
          : `Cannot access stream ${arn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams Actions on your stream in IAM.`,
    });
    // A stream's reads need all of it, a queue's operations each their own.
    const operations = needed.map(([each]) => each.slice(each.indexOf(":") + 1));
    const denied = operations.filter((each) => queueDenial(arn, deny)(each) !== undefined);
    expect(denied).toEqual(arn === queue ? [operation] : []);
    expect(readDenial(arn, deny)()?.error?.code).toBe("AccessDenied");
  });

  test("is open to all where nobody is asked", () => {
    expect(refusedSource(arn, undefined)).toBeUndefined();
    expect(readDenial(arn, undefined)()).toBeUndefined();
    expect(queueDenial(arn, undefined)("ReceiveMessage")).toBeUndefined();
  });
});
