import { expect, test } from "vitest";
import { messagingOperations } from "../../protocols/messaging-operations.ts";
import { objectOperation } from "./object-operation.ts";
import { s3Address } from "./s3-address.ts";

test("what a request may be told to be is what faults may be aimed at", () => {
  const headers = [{}, { "x-amz-copy-source": "files/a" }];
  const marks =
    "list-type=2 delete notification lifecycle partNumber=1&uploadId=u uploads uploadId=u attributes renameObject " +
    "accelerate acl cors encryption location logging object-lock ownershipControls policy publicAccessBlock replication " +
    "requestPayment tagging versioning website legal-hold retention";
  const queries = ["", ...marks.split(" ").map((mark) => `?${mark}`)];
  const told = new Set<string | undefined>();
  for (const method of ["GET", "HEAD", "PUT", "POST", "DELETE"]) {
    for (const url of ["/", "/files", "/files/a"].flatMap((path) => queries.map((query) => path + query))) {
      const address = s3Address(url, undefined);
      if (address !== undefined) for (const given of headers) told.add(objectOperation(method, address, given));
    }
  }
  told.delete(undefined);
  expect(told).toEqual(messagingOperations.s3);
});

test.each([
  ["PUT", "/files?lifecycle", "PutBucketLifecycleConfiguration"],
  ["DELETE", "/files?lifecycle", "DeleteBucketLifecycle"],
  ["GET", "/files?location", "GetBucketLocation"],
  ["DELETE", "/files?location", undefined],
  ["GET", "/files?acl", "GetBucketAcl"],
  ["GET", "/files/a?acl", "GetObjectAcl"],
  ["HEAD", "/files/a?acl", undefined],
  ["DELETE", "/files?publicAccessBlock", "DeletePublicAccessBlock"],
  ["DELETE", "/files/a?uploadId=", "DeleteObject"],
  ["POST", "/files/a?uploadId=", undefined],
  ["GET", "/files/a?attributes", "GetObjectAttributes"],
  ["PUT", "/files?notification&acl", "PutBucketAcl"],
])("%s %s is %s", (method, url, operation) => {
  const address = s3Address(url, undefined);
  expect(address && objectOperation(method, address, {})).toBe(operation);
});
