import { describe, expect, test } from "vitest";
import { call, failureOf, kinesisUnderTest } from "../kinesis-under-test.ts";
import { createStream } from "./create-stream.ts";
import { listStreams } from "./list-streams.ts";

function withStreams(...names: readonly string[]) {
  const kinesis = kinesisUnderTest();
  for (const name of names) createStream(kinesis.state, { StreamName: name, ShardCount: 1 }, call);
  return kinesis;
}

describe("ListStreams", () => {
  test("tells a region's streams by name", () => {
    const { state, clock } = withStreams("b", "a");
    createStream(state, { StreamName: "elsewhere", ShardCount: 1 }, { ...call, region: "eu-west-1" });
    const summary = {
      StreamStatus: "ACTIVE",
      StreamModeDetails: { StreamMode: "PROVISIONED" },
      StreamCreationTimestamp: new Date(Math.floor(clock.now() / 1000) * 1000),
    };
    expect(listStreams(state, {}, call)).toStrictEqual({
      StreamNames: ["a", "b"],
      HasMoreStreams: false,
      StreamSummaries: [
        { StreamName: "a", StreamARN: "arn:aws:kinesis:us-east-1:000000000000:stream/a", ...summary },
        { StreamName: "b", StreamARN: "arn:aws:kinesis:us-east-1:000000000000:stream/b", ...summary },
      ],
    });
  });

  test("gives pages, by NextToken or by name", () => {
    const { state } = withStreams("a", "b", "c");
    const first = listStreams(state, { Limit: 2 }, call);
    expect(first).toMatchObject({ StreamNames: ["a", "b"], HasMoreStreams: true });
    const { NextToken } = first;
    expect(listStreams(state, { NextToken }, call)).toMatchObject({ StreamNames: ["c"], HasMoreStreams: false });
    expect(listStreams(state, { ExclusiveStartStreamName: "aa" }, call).StreamNames).toEqual(["b", "c"]);
  });

  test("gives at most 100 streams", () => {
    const { state } = withStreams(...Array.from({ length: 101 }, (_, index) => `stream-${index}`));
    expect(listStreams(state, { Limit: 10_000 }, call).StreamNames).toHaveLength(100);
    expect(listStreams(state, {}, call).HasMoreStreams).toBe(true);
  });

  test("refuses a token that is none, or older than five minutes", () => {
    const { state, pass } = withStreams("a", "b");
    const { NextToken } = listStreams(state, { Limit: 1 }, call);
    expect(failureOf(() => listStreams(state, { NextToken: "garbage" }, call))).toBe(
      "InvalidArgumentException: Invalid NextToken.",
    );
    pass(300_000);
    expect(listStreams(state, { NextToken }, call).StreamNames).toEqual(["b"]);
    pass(1);
    expect(failureOf(() => listStreams(state, { NextToken }, call))).toContain("ExpiredNextTokenException: ");
  });
});
