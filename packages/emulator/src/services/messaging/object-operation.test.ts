import { expect, test } from "vitest";
import { messagingOperations } from "../../protocols/messaging-operations.ts";
import { objectOperation } from "./object-operation.ts";
import { s3Address } from "./s3-address.ts";

test("what a request may be told to be is what faults may be aimed at", () => {
  const headers = [{}, { "x-amz-copy-source": "files/a" }];
  const queries = [
    "",
    "?list-type=2",
    "?delete",
    "?notification",
    "?partNumber=1&uploadId=u",
    "?uploads",
    "?uploadId=u",
  ];
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
