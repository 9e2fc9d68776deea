import { test } from "@localemu/vitest";
import { createOrders } from "../application.ts";

let attempts = 0;

test("passes when it is tried again", { retry: 1 }, async ({ expect }) => {
  if (attempts === 0) await createOrders();
  expect(++attempts).toBe(2);
});

test("fails however often it is tried", { retry: 1 }, ({ expect }) => {
  expect(1).toBe(2);
});
