import { expect, test } from "vitest";
import { appendToError } from "./failure-timeline.ts";

test("a text is appended to the message, and to its copy in the stack", () => {
  const error = new Error("broken");
  appendToError(error, "what happened");
  expect(error.message).toBe("broken\n\nwhat happened");
  expect(error.stack).toMatch(/^Error: broken\n\nwhat happened\n +at /);
  expect(Object.keys(error)).toEqual([]);
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
