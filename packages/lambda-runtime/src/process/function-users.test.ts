import { expect, test } from "vitest";
import { createFunctionUsers } from "./function-users.ts";

test("nobody is taken twice, and who was released comes last", () => {
  const users = createFunctionUsers();
  const first = users.take();
  const others = Array.from({ length: 39_998 }, () => users.take());
  users.release(first);
  const last = users.take();
  expect(new Set([first, ...others, last]).size).toBe(40_000);
  expect([first, last]).toEqual([20_000, 59_999]);
  expect(users.take()).toBe(first);
  expect(() => users.take()).toThrow("there are no more users for functions");
});
