import { describe, expect, test } from "vitest";
import { functionOfLatest, parseFunctionAddress, resolveFunction, unqualifiedFunction } from "./function-address.ts";
import { FunctionStore } from "./state/function-store.ts";
import type { Alias, FunctionVersion, LambdaFunction } from "./state/function-store.ts";
import { defaultSettings } from "./settings.ts";

const region = "eu-west-1";
const arn = `arn:aws:lambda:${region}:000000000000:function:orders`;
const versionOf = (version: string): FunctionVersion => ({
  version,
  settings: defaultSettings("orders", { runtime: "nodejs24.x", handler: "index.handler", role: "r" }),
  code: { sha256: "", size: 0, architecture: "x86_64" },
  lastModified: 0,
  revisionId: "",
  state: "Active",
  lastUpdate: "Successful",
  origin: "",
});
const latest = versionOf("$LATEST");
const second = versionOf("2");
const blue: Alias = { name: "blue", version: "2", description: "", routing: undefined, revisionId: "" };
const orders: LambdaFunction = {
  name: "orders",
  region,
  arn,
  tags: {},
  latest,
  published: new Map([["2", second]]),
  aliases: new Map([["blue", blue]]),
  publication: { number: 2, settings: undefined, code: undefined },
  reservedConcurrency: undefined,
  recursiveLoop: "Terminate",
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
    ["orders", undefined, { qualifier: undefined, version: latest }],
    ["orders:$LATEST", undefined, { qualifier: "$LATEST", version: latest }],
    [arn, "$LATEST", { qualifier: "$LATEST", version: latest }],
    [`${arn}:$LATEST`, "$LATEST", { qualifier: "$LATEST", version: latest }],
    ["orders:2", undefined, { qualifier: "2", version: second }],
    ["000000000000:function:orders", "2", { qualifier: "2", version: second }],
    ["orders", "blue", { qualifier: "blue", alias: blue, version: second }],
    [`${arn}:blue`, "blue", { qualifier: "blue", alias: blue, version: second }],
  ])("%s with the qualifier %s leads to what it names", (text, qualifier, found) => {
    const expected = { kind: "found", fn: orders, alias: undefined, ...found };
    expect(resolveFunction(store, region, text, qualifier)).toEqual(expected);
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

describe("operations on functions alone", () => {
  const message =
    "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.";

  test.each(["orders", arn, "orders:$LATEST"])("those that change $LATEST take %s", (text) => {
    expect(functionOfLatest(store, region, text)).toBe(orders);
  });

  test.each(["orders:2", `${arn}:blue`, "nobody:1"])("but not %s", (text) => {
    expect(() => functionOfLatest(store, region, text)).toThrow(message);
  });

  test("those that are for all versions take no qualifier at all", () => {
    expect(unqualifiedFunction(store, region, arn)).toBe(orders);
    expect(() => unqualifiedFunction(store, region, "orders:$LATEST")).toThrow(message);
    expect(() => unqualifiedFunction(store, region, "nobody", "$LATEST")).toThrow(/:function:nobody:\$LATEST$/);
  });
});
