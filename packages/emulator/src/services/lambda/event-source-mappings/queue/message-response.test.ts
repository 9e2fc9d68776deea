import { expect, test } from "vitest";
import { evaluateMessageResponse } from "./message-response.ts";

const messages = [{ messageId: "m-1" }, { messageId: "m-2" }];
const evaluate = (response: unknown) => evaluateMessageResponse(JSON.stringify(response), messages);

test.each([[""], ["null"], ["{}"], ["[]"], ['""'], ["no JSON"]])("%s is a success", (payload) => {
  expect(evaluateMessageResponse(payload, messages)).toEqual({ kind: "success" });
});

test.each([[null], [[]]])("a report of %j is a success", (batchItemFailures) => {
  expect(evaluate({ batchItemFailures })).toEqual({ kind: "success" });
});

test("the messages that are named remain", () => {
  const batchItemFailures = [{ itemIdentifier: "m-2" }, { itemIdentifier: "m-2" }];
  expect(evaluate({ batchItemFailures })).toEqual({ kind: "partial", failed: new Set(["m-2"]) });
});

// AWS: recorded on AWS, or in the AWS docs.
test.each([
  [[{ itemIdentifier: "m-3" }]],
  [[{ itemIdentifier: "" }]],
  [[{ itemIdentifier: null }]],
  [[{ foo: "notvalid" }]],
  [[null]],
  [[{ itemIdentifier: "m-1" }, { itemIdentifier: "m-3" }]],
])("%j fails the whole batch", (batchItemFailures) => {
  expect(evaluate({ batchItemFailures })).toMatchObject({ kind: "functionError", error: "badResponse" });
});

test("a report that is no list fails the whole batch", () => {
  expect(evaluate({ batchItemFailures: "m-1" })).toMatchObject({ message: "batchItemFailures is not a list" });
});
