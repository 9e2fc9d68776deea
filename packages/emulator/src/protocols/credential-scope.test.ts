import { expect, test } from "vitest";
import { credentialScope } from "./credential-scope.ts";

const kinesis = { accessKeyId: "AKID", region: "eu-west-1", service: "kinesis" };
const s3 = { accessKeyId: "AKID", region: undefined, service: "s3" };

test.each([
  [
    "AWS4-HMAC-SHA256 Credential=AKID/20300102/eu-west-1/kinesis/aws4_request, SignedHeaders=host, Signature=0",
    kinesis,
  ],
  ["AWS4-HMAC-SHA256 SignedHeaders=host,Credential=AKID/20300102/eu-west-1/kinesis/aws4_request,Signature=0", kinesis],
  ["AWS4-ECDSA-P256-SHA256 Credential=AKID/20300102/s3/aws4_request, SignedHeaders=host, Signature=0", s3],
  ["AWS AKID:c2lnbmF0dXJl", s3],
  ["Bearer token", undefined],
  ["AWS4-HMAC-SHA256 Credential=AKID", undefined],
  ["", undefined],
])("Authorization: %s", (authorization, scope) => {
  expect(credentialScope({ headers: { authorization }, query: "" })).toEqual(scope);
});

test.each([
  ["X-Amz-Algorithm=A&X-Amz-Credential=AKID%2F20300102%2Feu-west-1%2Fkinesis%2Faws4_request&X-Amz-Date=d", kinesis],
  ["AWSAccessKeyId=AKID&Expires=1&Signature=s", s3],
  ["X-Amz-Credential=AKID", undefined],
  ["", undefined],
])("query: %s", (query, scope) => {
  expect(credentialScope({ headers: {}, query })).toEqual(scope);
});
