import { describe, expect, test } from "vitest";
import { evaluateBatchResponse, evaluateResponse } from "./batch-response.ts";
import { exampleRecords, sequenceOf } from "./stream/example-records.ts";

const batch = exampleRecords(1, 5);

const report = (...identifiers: readonly unknown[]): string =>
  JSON.stringify({ batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) });

test.each(["", '""', "[]", "null", "{}", '{"batchItemFailures":[]}', '{"batchItemFailures":null}'])(
  "recorded on AWS: %s is a complete success",
  (payload) => {
    expect(evaluateBatchResponse(payload, batch)).toEqual({ kind: "success" });
  },
);

test.each(['"abc"', "5", "[1]", "not JSON", '{"other":1}', "true"])("%s reports nothing", (payload) => {
  expect(evaluateBatchResponse(payload, batch)).toEqual({ kind: "success" });
});

test.each([
  { shape: "an empty identifier", payload: report("") },
  { shape: "a null identifier", payload: report(null) },
  { shape: "a number", payload: report(123) },
  { shape: "a wrong key", payload: '{"batchItemFailures":[{"foo":123}]}' },
  { shape: "a wrong key of null", payload: '{"batchItemFailures":[{"foo":null}]}' },
  { shape: "an identifier of another batch", payload: report(sequenceOf(6)) },
  { shape: "a null entry", payload: '{"batchItemFailures":[null]}' },
  { shape: "a good and a bad identifier", payload: report(sequenceOf(2), "nonsense") },
  { shape: "no list", payload: '{"batchItemFailures":"all"}' },
])("$shape fails the whole batch", ({ payload }) => {
  expect(evaluateBatchResponse(payload, batch)).toMatchObject({ kind: "functionError", error: "badResponse" });
});

test.each(batch)("a report of one record is found", (record) => {
  expect(evaluateBatchResponse(report(record.sequence), batch)).toEqual({ kind: "partial", from: record.sequence });
});

test("of several records the one with the lowest sequence number counts", () => {
  const payload = report(sequenceOf(4), sequenceOf(2), sequenceOf(5));
  expect(evaluateBatchResponse(payload, batch)).toEqual({ kind: "partial", from: sequenceOf(2) });
});

test("sequence numbers compare as integers, not as texts", () => {
  const records = ["9", "10", "11"].map((sequence) => ({ ...exampleRecords(1, 1)[0], sequence }));
  const complete = records.map((record) => ({ arrival: 0, expiresAt: 1, bytes: 1, laneKey: "key", ...record }));
  expect(evaluateBatchResponse(report("10", "9"), complete)).toEqual({ kind: "partial", from: "9" });
});

describe("in a tumbling window", () => {
  const inWindow = { itemFailures: true, state: true };

  test.each([
    ['{"state":{"sum":1}}', '{"sum":1}'],
    ['{"state":{},"batchItemFailures":[]}', "{}"],
    ['{"state":null}', "null"],
    ['{ "state" : "text" }', '"text"'],
  ])("%s succeeds with the state %s", (payload, state) => {
    expect(evaluateResponse(payload, batch, inWindow)).toEqual({ kind: "success", state });
  });

  test.each(["", "null", "{}", '"state"', "[]", '{"batchItemFailures":[]}', "not JSON"])(
    "%s has no state",
    (payload) => {
      expect(evaluateResponse(payload, batch, inWindow)).toMatchObject({
        kind: "functionError",
        error: "missingState",
      });
    },
  );

  test("a partial failure has the state of what was done", () => {
    const payload = JSON.stringify({ state: 1, batchItemFailures: [{ itemIdentifier: sequenceOf(3) }] });
    expect(evaluateResponse(payload, batch, inWindow)).toEqual({ kind: "partial", from: sequenceOf(3), state: "1" });
    expect(evaluateResponse(payload, batch, { ...inWindow, itemFailures: false })).toEqual({
      kind: "success",
      state: "1",
    });
  });

  test("a partial failure without a state is a failure of all", () => {
    const payload = report(sequenceOf(3));
    expect(evaluateResponse(payload, batch, inWindow)).toMatchObject({ kind: "functionError", error: "missingState" });
  });

  test("an invocation that closes it has no records that could fail", () => {
    const payload = JSON.stringify({ state: {}, batchItemFailures: [{ itemIdentifier: sequenceOf(3) }] });
    expect(evaluateResponse(payload, [], inWindow)).toMatchObject({ kind: "functionError", error: "badResponse" });
  });
});

test("without windows or reports no response matters", () => {
  expect(evaluateResponse(report(""), batch, { itemFailures: false, state: false })).toEqual({ kind: "success" });
});
