import { expect, test } from "vitest";
import { appendToError, failureTimeline } from "./failure-timeline.ts";

test("a text is appended to the message, and to its copy in the stack", () => {
  const error = new Error("broken");
  appendToError(error, "what happened");
  expect(error.message).toBe("broken\n\nwhat happened");
  expect(error.stack).toMatch(/^Error: broken\n\nwhat happened\n +at /);
  expect(Object.keys(error)).toEqual([]);
});

test.each(["no entry on the Timeline: 3 of 4 found", "timeline.ts: the timeline is empty", "Timeline: none"])(
  "an error of the test's own that speaks of timelines gets it as any other: %s",
  (message) => {
    const error = new Error(message);
    appendToError(error, "what happened");
    expect(error.message).toBe(`${message}\n\nwhat happened`);
  },
);

test.each([
  "expect(a).toBe(b)\n\nTimeline:\n  12:00 a",
  "expect(a).toBe(b)\n\nTimeline, last 2 of 20:\n  12:00 a",
  "expect(a).toBe(b)\n\nNothing is on the timeline.",
])("what tells the timeline itself does not tell it twice: %j", (message) => {
  const error = new Error(message);
  appendToError(error, "what happened");
  expect(error.message).toBe(message);
});

test("an error that a test's next attempt still has is not told a second timeline", async () => {
  const nobody = { timeline: async () => [] };
  const error = new Error("broken");
  appendToError(error, await failureTimeline(nobody));
  const { message } = error;
  appendToError(error, await failureTimeline(nobody));
  expect(error.message).toBe(message);
});

test("it stays enumerable in an error that was sent over", () => {
  const error = { message: "broken", stack: "Error: broken" };
  appendToError(error, "what happened");
  expect(error).toEqual({ message: "broken\n\nwhat happened", stack: "Error: broken\n\nwhat happened" });
});

test("a message that cannot be assigned to is no obstacle", () => {
  const error = new DOMException("too late", "TimeoutError");
  appendToError(error, "what happened");
  expect(error.message).toBe("too late\n\nwhat happened");
});

test("a frozen error stays as it is", () => {
  const error = Object.freeze(new Error("broken"));
  appendToError(error, "what happened");
  expect(error.message).toBe("broken");
});
