import { describe, expect, test } from "vitest";
import { describeChange } from "./stream-record.ts";
import type { Change, ViewType } from "./stream-record.ts";

const place = {
  eventId: "c4ca4238a0b923820dcc509a6f75849b",
  sequenceNumber: "4421584500000000017450439091",
  now: 1_479_499_740_999,
};

function recordOf(change: Change, viewType: ViewType = "NEW_AND_OLD_IMAGES") {
  return describeChange(change, { region: "us-east-1", viewType, keyNames: ["Id"] })?.at(place);
}

const first = { Id: { N: "101" }, Message: { S: "New item!" } };
const second = { Id: { N: "101" }, Message: { S: "This item has changed" } };

describe("the records of the AWS docs' example", () => {
  test("an item is put", () => {
    expect(recordOf({ before: undefined, after: first })).toEqual({
      eventID: place.eventId,
      eventName: "INSERT",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "us-east-1",
      dynamodb: {
        ApproximateCreationDateTime: 1_479_499_740,
        Keys: { Id: { N: "101" } },
        NewImage: first,
        SequenceNumber: place.sequenceNumber,
        SizeBytes: 26,
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
    });
  });

  test("it is changed and deleted", () => {
    const changed = recordOf({ before: first, after: second });
    expect(changed).toMatchObject({
      eventName: "MODIFY",
      dynamodb: { SizeBytes: 59, OldImage: first, NewImage: second },
    });
    const removed = recordOf({ before: second, after: undefined });
    expect(removed).toMatchObject({ eventName: "REMOVE", dynamodb: { SizeBytes: 38, OldImage: second } });
    expect(removed?.dynamodb).not.toHaveProperty("NewImage");
  });
});

test.each<[ViewType, readonly string[]]>([
  ["KEYS_ONLY", []],
  ["NEW_IMAGE", ["NewImage"]],
  ["OLD_IMAGE", ["OldImage"]],
  ["NEW_AND_OLD_IMAGES", ["NewImage", "OldImage"]],
])("%s has the images %j", (viewType, images) => {
  const record = recordOf({ before: first, after: second }, viewType);
  expect(Object.keys(record?.dynamodb ?? {}).filter((name) => name.endsWith("Image"))).toEqual(images);
});

test("what changes nothing is no record, whatever the order of sets and attributes", () => {
  expect(recordOf({ before: undefined, after: undefined })).toBeUndefined();
  expect(recordOf({ before: first, after: { Message: { S: "New item!" }, Id: { N: "101" } } })).toBeUndefined();
  const before = { Id: { N: "1" }, tags: { SS: ["a", "b"] }, inner: { M: { list: { L: [{ NS: ["1", "2"] }] } } } };
  const after = { Id: { N: "1" }, tags: { SS: ["b", "a"] }, inner: { M: { list: { L: [{ NS: ["2", "1"] }] } } } };
  expect(recordOf({ before, after })).toBeUndefined();
  expect(recordOf({ before, after: { ...after, tags: { SS: ["b"] } } })).toBeDefined();
  const list = { Id: { N: "1" }, list: { L: [{ S: "a" }, { S: "b" }] } };
  expect(recordOf({ before: list, after: { ...list, list: { L: [{ S: "b" }, { S: "a" }] } } })).toBeDefined();
});
