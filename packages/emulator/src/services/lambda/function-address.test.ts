import { describe, expect, test } from "vitest";
import { parseFunctionAddress, resolveFunction } from "./function-address.ts";
import { FunctionStore } from "./state/function-store.ts";
import type { LambdaFunction } from "./state/function-store.ts";
import { defaultSettings } from "./settings.ts";

const region = "eu-west-1";
const arn = `arn:aws:lambda:${region}:000000000000:function:orders`;
const orders: LambdaFunction = {
  name: "orders",
  region,
  arn,
  tags: {},
  settings: defaultSettings("orders", { runtime: "nodejs24.x", handler: "index.handler", role: "r" }),
  code: { sha256: "", size: 0, architecture: "x86_64" },
  lastModified: 0,
  revisionId: "",
  state: "Active",
  lastUpdate: "Successful",
  origin: "",
};
const store = new FunctionStore();
store.add(orders);

test.each([
  ["orders", undefined, undefined, undefined],
  ["orders:live", undefined, undefined, "live"],
  ["function:orders", undefined, undefined, undefined],
  ["000000000000:function:orders:7", undefined, "000000000000", "7"],
  [arn, region, "000000000000", undefined],
  [`${arn}:$LATEST`, region, "000000000000", "$LATEST"],
])("%s is an address of orders", (text, expectedRegion, account, qualifier) => {
  expect(parseFunctionAddress(text)).toEqual({ region: expectedRegion, account, name: "orders", qualifier });
});

test.each(["", "a b", `${arn}:x:y`, "arn:aws:sqs:eu-west-1:000000000000:orders", `${arn}:$NEWEST`])(
  "%s is no address",
  (text) => expect(parseFunctionAddress(text)).toBeUndefined(),
);

describe("resolving", () => {
  test.each([
    ["orders", undefined, undefined],
    ["orders:$LATEST", undefined, "$LATEST"],
    [arn, "$LATEST", "$LATEST"],
    [`${arn}:$LATEST`, "$LATEST", "$LATEST"],
  ])("%s with the qualifier %s finds the function", (text, qualifier, found) => {
    expect(resolveFunction(store, region, text, qualifier)).toEqual({ kind: "found", fn: orders, qualifier: found });
  });

  test.each([
    ["other", undefined, undefined, "missing", `Function not found: ${arn.replace("orders", "other")}`],
    ["other", undefined, "$LATEST", "missing", `Function not found: ${arn.replace("orders", "other")}:$LATEST`],
    ["orders:7", undefined, "$LATEST", "missing", `Function not found: ${arn}:7`],
    ["orders", "live", undefined, "missing", `Function not found: ${arn}:live`],
    [
      "orders:7",
      "8",
      undefined,
      "invalid",
      "The derived qualifier from the function name does not match the specified qualifier.",
    ],
    [
      arn.replace(region, "us-east-1"),
      undefined,
      undefined,
      "missing",
      "Functions from 'us-east-1' are not reachable in this region ('eu-west-1')",
    ],
  ])("%s with %s (implied: %s) is %s", (text, qualifier, implied, kind, message) => {
    expect(resolveFunction(store, region, text, qualifier, implied)).toMatchObject({ kind, error: { message } });
  });

  test("another account's function is denied", () => {
    const foreign = arn.replace("000000000000", "111122223333");
    const error = { code: "AccessDeniedException", statusCode: 403 };
    expect(resolveFunction(store, region, foreign)).toMatchObject({ kind: "denied", error });
  });
});
