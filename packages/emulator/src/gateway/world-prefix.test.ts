import { expect, test } from "vitest";
import { splitWorldPrefix, worldPrefix } from "./world-prefix.ts";

test.each([
  ["/", undefined, "/"],
  ["/2015-03-31/functions", undefined, "/2015-03-31/functions"],
  ["/_world/a", "a", "/"],
  ["/_world/a/", "a", "/"],
  ["/_world/a//000000000000/queue", "a", "/000000000000/queue"],
  ["/_world/a//", "a", "/"],
  ["/_world/orders-1/_localemu/info", "orders-1", "/_localemu/info"],
  ["/_world/", "", "/"],
  ["/_worlds", undefined, "/_worlds"],
])("%s names %s and leaves %s", (path, world, rest) => {
  expect(splitWorldPrefix(path)).toEqual({ world, path: rest });
});

test("only the default world has no prefix", () => {
  expect(worldPrefix("default")).toBe("");
  expect(worldPrefix("a")).toBe("/_world/a");
});
