import { describe, expect, test } from "vitest";
import type { HttpRequest } from "../protocols/http-messages.ts";
import { verifySignature } from "./signature.ts";

const accessKeyId = "AKIAIOSFODNN7EXAMPLE";
const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const secretOf = (key: string) => (key === accessKeyId ? { secretAccessKey: secret, expiresAt: undefined } : undefined);
const signedAt = Date.UTC(2013, 4, 24);
const minute = 60_000;

/** AWS docs: the example of a presigned URL, and of an upload whose body is signed in chunks. */
const presigned: HttpRequest = {
  method: "GET",
  path: "/test.txt",
  query:
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
  headers: { host: "examplebucket.s3.amazonaws.com" },
  body: Buffer.alloc(0),
};
const chunked: HttpRequest = {
  method: "PUT",
  path: "/examplebucket/chunkObject.txt",
  query: "",
  headers: {
    host: "s3.amazonaws.com",
    "content-encoding": "aws-chunked",
    "content-length": "66824",
    "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "x-amz-date": "20130524T000000Z",
    "x-amz-decoded-content-length": "66560",
    "x-amz-storage-class": "REDUCED_REDUNDANCY",
    authorization:
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class,Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
  },
  body: Buffer.from("chunks"),
};

const refusal = (request: HttpRequest, after = 0) =>
  verifySignature(request, { service: "s3", secretOf, now: signedAt + after });
const mismatch = { status: 403, code: "SignatureDoesNotMatch" };

describe("a presigned URL", () => {
  test.each([0, -15 * minute, 24 * 60 * minute])("is good %i ms after it was made", (after) => {
    expect(refusal(presigned, after)).toBeUndefined();
  });

  test("is good for another order of its parameters", () => {
    const query = presigned.query.split("&").toReversed().join("&");
    expect(refusal({ ...presigned, query })).toBeUndefined();
  });

  test("has its parameters in the order of their names, whatever stands in them", () => {
    // Signed by the AWS SDK for JavaScript.
    const query =
      "x-amz-meta-a=1&x-amz-meta-a-b=2&x-amz-meta-a1=3&list=b&list=a&x-amz-content-sha256=UNSIGNED-PAYLOAD&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aa34f9d34832a0bbb070118d328740823026574bb66a882cd6675551efe76d9d";
    expect(refusal({ ...presigned, query })).toBeUndefined();
  });

  test("expires", () => {
    expect(refusal(presigned, 24 * 60 * minute + 1)).toEqual({
      status: 403,
      code: "AccessDenied",
      message: "Request has expired",
    });
  });

  test("expires with the session whose credentials signed it", () => {
    const expiresAt = signedAt + minute;
    const verified = (now: number) =>
      verifySignature(presigned, { service: "s3", secretOf: () => ({ secretAccessKey: secret, expiresAt }), now });
    expect(verified(expiresAt - 1)).toBeUndefined();
    expect(verified(expiresAt)).toEqual({
      status: 400,
      code: "ExpiredToken",
      message: "The provided token has expired.",
    });
  });

  test("is not good before its time", () => {
    expect(refusal(presigned, -16 * minute)).toMatchObject({ code: "RequestTimeTooSkewed" });
  });

  test.each<[string, Partial<HttpRequest>, object]>([
    ["object", { path: "/other.txt" }, mismatch],
    ["method", { method: "PUT" }, mismatch],
    ["host", { headers: { host: "other.s3.amazonaws.com" } }, mismatch],
    ["parameter", { query: `${presigned.query}&versionId=1` }, mismatch],
    ["life", { query: presigned.query.replace("86400", "864000") }, mismatch],
    ["key", { query: presigned.query.replace("7EXAMPLE", "8EXAMPLE") }, { code: "InvalidAccessKeyId" }],
    ["service", { query: presigned.query.replace("%2Fs3", "%2Fsqs") }, { code: "AuthorizationHeaderMalformed" }],
    ["day", { query: presigned.query.replace("%2F20130524", "%2F20130525") }, { code: "AuthorizationHeaderMalformed" }],
    ["algorithm", { query: presigned.query.replace("X-Amz-Date", "x") }, { code: "AuthorizationHeaderMalformed" }],
  ])("is not good for another %s", (_, change, expected) => {
    expect(refusal({ ...presigned, ...change })).toMatchObject(expected);
  });
});

describe("an upload that is signed in chunks", () => {
  test("has a first signature that is verified", () => {
    expect(refusal(chunked)).toBeUndefined();
    const headers = { ...chunked.headers, "x-amz-storage-class": "STANDARD" };
    expect(refusal({ ...chunked, headers })).toMatchObject(mismatch);
  });

  test("over HTTP/2 has the host in another place", () => {
    const { host, ...headers } = chunked.headers;
    expect(refusal({ ...chunked, headers: { ...headers, ":authority": host } })).toBeUndefined();
  });
});

test("a body must be the one that its header states", () => {
  const body = { ...chunked.headers, "x-amz-content-sha256": "0".repeat(64) };
  // The signature is looked at first.
  expect(refusal({ ...chunked, headers: body })).toMatchObject(mismatch);
});
