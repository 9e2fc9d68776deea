import { describe, expect, test } from "vitest";
import { ConstraintChecks } from "./constraints.ts";
import type { Members } from "./protocol.ts";
import { loadModel } from "./service-models.ts";
import type { ServiceName } from "./service-models.ts";

const models = { kinesis: await loadModel("kinesis"), lambda: await loadModel("lambda") };
const checks = new ConstraintChecks();
const long = (length: number) => "a".repeat(length);

function violations(service: keyof typeof models & ServiceName, operation: string, input: Members): readonly string[] {
  const schema = models[service].schema.operations.get(operation);
  if (schema === undefined) throw new Error(`no operation ${operation}`);
  return checks.violations(schema.input, input);
}

const name = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+";
const least1 = "Member must have length greater than or equal to 1";

describe("Kinesis", () => {
  test.each<[operation: string, input: Members, expected: readonly string[]]>([
    ["CreateStream", { StreamName: "a", ShardCount: 1 }, []],
    ["CreateStream", {}, ["Value null at 'streamName' failed to satisfy constraint: Member must not be null"]],
    [
      "CreateStream",
      { StreamName: "", ShardCount: 0 },
      [
        `Value '' at 'streamName' failed to satisfy constraint: ${name}`,
        `Value '' at 'streamName' failed to satisfy constraint: ${least1}`,
        "Value '0' at 'shardCount' failed to satisfy constraint: Member must have value greater than or equal to 1",
      ],
    ],
    ["CreateStream", { StreamName: "a\n" }, [`Value 'a\n' at 'streamName' failed to satisfy constraint: ${name}`]],
    [
      "CreateStream",
      { StreamName: "a", StreamModeDetails: { StreamMode: "x" } },
      [
        "Value 'x' at 'streamModeDetails.streamMode' failed to satisfy constraint: " +
          "Member must satisfy enum value set: [PROVISIONED, ON_DEMAND]",
      ],
    ],
    [
      "PutRecord",
      { PartitionKey: long(257), Data: Buffer.alloc(10485761), ExplicitHashKey: "01", StreamARN: "a" },
      [
        "Value 'java.nio.HeapByteBuffer[pos=0 lim=10485761 cap=10485761]' at 'data' failed to satisfy constraint: " +
          "Member must have length less than or equal to 10485760",
        `Value '${long(257)}' at 'partitionKey' failed to satisfy constraint: Member must have length less than or equal to 256`,
        "Value '01' at 'explicitHashKey' failed to satisfy constraint: " +
          "Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})",
        "Value 'a' at 'streamARN' failed to satisfy constraint: " +
          "Member must satisfy regular expression pattern: arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+",
      ],
    ],
    ["PutRecords", { Records: [] }, [`Value '[]' at 'records' failed to satisfy constraint: ${least1}`]],
    [
      "PutRecords",
      { Records: [{ Data: Buffer.alloc(0), PartitionKey: "a" }, { PartitionKey: "" }] },
      [
        "Value null at 'records.2.member.data' failed to satisfy constraint: Member must not be null",
        `Value '' at 'records.2.member.partitionKey' failed to satisfy constraint: ${least1}`,
      ],
    ],
    [
      "AddTagsToStream",
      { StreamName: "a", Tags: { [long(129)]: long(257), b: "c" } },
      [
        `Value '{${long(129)}=${long(257)}, b=c}' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: ` +
          "[Member must have length less than or equal to 128, Member must have length greater than or equal to 1]",
        `Value '{${long(129)}=${long(257)}, b=c}' at 'tags' failed to satisfy constraint: Map value must satisfy constraint: ` +
          "[Member must have length less than or equal to 256, Member must have length greater than or equal to 0]",
      ],
    ],
    ["AddTagsToStream", { Tags: {} }, [`Value '{}' at 'tags' failed to satisfy constraint: ${least1}`]],
    [
      "RemoveTagsFromStream",
      { TagKeys: ["a", ""] },
      [
        "Value '[a, ]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: " +
          "[Member must have length less than or equal to 128, Member must have length greater than or equal to 1]",
      ],
    ],
  ])("%s %j", (operation, input, expected) => {
    expect(violations("kinesis", operation, input)).toEqual(expected);
  });

  test("a list of records is printed as Java prints it", () => {
    const records = Array.from({ length: 501 }, () => ({ PartitionKey: "a", Data: Buffer.alloc(0) }));
    const entry = "com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry@c965e310";
    expect(violations("kinesis", "PutRecords", { Records: records })).toEqual([
      `Value '[${records.map(() => entry).join(", ")}]' at 'records' failed to satisfy constraint: ` +
        "Member must have length less than or equal to 500",
    ]);
  });

  test("no more than ten are reported", () => {
    const input = { Records: Array.from({ length: 20 }, () => ({ PartitionKey: "" })) };
    expect(violations("kinesis", "PutRecords", input)).toHaveLength(10);
  });
});

test("Lambda: patterns hold for the whole value, keys of maps too", () => {
  const role = "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+";
  const input = { FunctionName: "f", Role: "r1", Code: {}, Environment: { Variables: { "1a": "" } } };
  const found = violations("lambda", "CreateFunction", input);
  expect(found).toContain(
    `Value 'r1' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: ${role}`,
  );
});

const check = (operation: string, input: Members) => () => {
  const schema = models.kinesis.schema.operations.get(operation);
  if (schema === undefined) throw new Error(`no operation ${operation}`);
  models.kinesis.checkInput(schema, input);
};

describe("the exception", () => {
  test("names one error in the singular", () => {
    expect(check("CreateStream", {})).toThrow(
      expect.objectContaining({
        code: "ValidationException",
        statusCode: 400,
        message:
          "1 validation error detected: Value null at 'streamName' failed to satisfy constraint: Member must not be null",
      }),
    );
  });

  test("counts several", () => {
    expect(check("CreateStream", { StreamName: "", ShardCount: 0 })).toThrow(
      /^3 validation errors detected: Value '.*; V/u,
    );
  });

  test("is not there for an input that is right", () => {
    expect(check("CreateStream", { StreamName: "a" })).not.toThrow();
  });
});
