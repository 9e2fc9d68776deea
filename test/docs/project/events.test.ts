import { expect, test } from "vitest";
import { reportingHandler } from "./orders-handler.ts";

// #region events
import { evaluateBatchResult, kinesisEvent } from "@localemu/testkit";

test("the handler says what failed", async () => {
  const event = kinesisEvent([{ id: 1 }, { id: "bad" }, { id: 3 }]);

  const { outcome, succeeded, retried } = evaluateBatchResult(event, await reportingHandler(event));

  expect(outcome).toBe("partial");
  expect(succeeded).toHaveLength(1);
  expect(retried).toHaveLength(2); // the order that failed and what comes after it
});
// #endregion
