import { test } from "@localemu/vitest";
import { createOrders, keep } from "../application.ts";

test("a failure shows what happened", async ({ expect }) => {
  await createOrders();
  await keep({ id: 1 });
  expect(1).toBe(2);
});
