import { expect, test } from "vitest";
import { hostTime } from "../../../core/host-time.ts";
import { randomIds } from "../../../core/ids.ts";
import { rootedTrace, traceOf } from "./trace.ts";

const parts = {
  ids: { ...randomIds(), hex: () => "bd862e3fe1be46a994272793" },
  host: { ...hostTime, epoch: () => 1_465_510_280_999 },
};
const root = "1-5759e988-bd862e3fe1be46a994272793";

test.each([
  [undefined, "PassThrough", `Root=${root};Sampled=0`],
  [undefined, "Active", `Root=${root};Sampled=1`],
  ["Root=1-2-3", "PassThrough", "Root=1-2-3;Sampled=0"],
  ["Root=1-2-3;Sampled=?", "Active", "Root=1-2-3;Sampled=1"],
  ["Root=1-2-3;Parent=4;Sampled=0", "Active", "Root=1-2-3;Sampled=0"],
  [
    "Self=0; Root=1-2-3; Parent=4; Sampled=1; Lineage=25:a87bd80c:1",
    "PassThrough",
    "Root=1-2-3;Sampled=1;Lineage=25:a87bd80c:1",
  ],
  ["Sampled=1", "PassThrough", `Root=${root};Sampled=1`],
  ["nonsense", "PassThrough", `Root=${root};Sampled=0`],
] as const)("%s of a function with %s tracing goes on as %s", (given, mode, expected) => {
  expect(traceOf(given, mode, parts)).toBe(expected);
});

test.each([
  [undefined, `Root=${root}`],
  ["Sampled=1", `Root=${root};Sampled=1`],
  ["Parent=4;Root=1-2-3", "Parent=4;Root=1-2-3"],
])("an event that came with %s has a trace: %s", (given, expected) => {
  expect(rootedTrace(given, parts)).toBe(expected);
});
