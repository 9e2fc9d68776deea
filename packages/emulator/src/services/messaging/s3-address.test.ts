import { expect, test } from "vitest";
import { bucketOfHost, s3Address } from "./s3-address.ts";

test.each([
  ["127.0.0.1:4566", undefined],
  ["localhost:4566", undefined],
  ["localemu", undefined],
  ["[::1]:4566", undefined],
  ["build.example.com:4566", undefined],
  ["s3.localhost:4566", undefined],
  ["s3.eu-central-1.amazonaws.com", undefined],
  ["archive.localhost:4566", "archive"],
  ["archive.s3.localhost:4566", "archive"],
  ["archive.s3.eu-central-1.amazonaws.com", "archive"],
  ["archive.s3-eu-central-1.amazonaws.com", "archive"],
  ["my.archive.s3.amazonaws.com", "my.archive"],
  [undefined, undefined],
])("the bucket of host %s is %s", (host, bucket) => expect(bucketOfHost(host)).toBe(bucket));

test.each([
  { url: "/", route: "/", params: {} },
  { url: "/?x-id=ListBuckets", route: "/", params: {} },
  { url: "/archive", route: "/:bucket", params: { bucket: "archive" } },
  { url: "/archive/?list-type=2", route: "/:bucket", params: { bucket: "archive" } },
  { url: "/archive/a/b%20c%2Bd/", route: "/:bucket/*", params: { bucket: "archive", "*": "a/b c+d/" } },
])("$url is $route", ({ url, route, params }) => {
  expect(s3Address(url, "127.0.0.1:4566")).toMatchObject({ route, params });
});

test("the bucket may stand in the host, and a query's names need no value", () => {
  expect(s3Address("/a%20key?uploads&prefix=x%2Fy+z", "archive.localhost:4566")).toEqual({
    route: "/:bucket/*",
    params: { bucket: "archive", "*": "a key" },
    query: { uploads: "", prefix: "x/y z" },
  });
});

test("a broken percent encoding is no address", () => expect(s3Address("/archive/%zz", undefined)).toBeUndefined());
