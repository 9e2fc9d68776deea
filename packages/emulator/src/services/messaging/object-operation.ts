import { messagingOperations } from "../../protocols/messaging-operations.ts";
import type { S3Address } from "./s3-address.ts";
import { subresourceOf, subresourceOperation } from "./s3-subresources.ts";

/** What a request for S3 does: by method, place, and the query parameter or header that tells it from others of its kind. */
const operations: readonly (readonly [method: string, route: S3Address["route"], mark: string, operation: string])[] = [
  ["GET", "/", "", "ListBuckets"],
  ["GET", "/:bucket", "?notification", "GetBucketNotificationConfiguration"],
  ["PUT", "/:bucket", "?notification", "PutBucketNotificationConfiguration"],
  ["GET", "/:bucket", "?lifecycle", "GetBucketLifecycleConfiguration"],
  ["PUT", "/:bucket", "?lifecycle", "PutBucketLifecycleConfiguration"],
  ["DELETE", "/:bucket", "?lifecycle", "DeleteBucketLifecycle"],
  ["GET", "/:bucket", "?list-type", "ListObjectsV2"],
  ["GET", "/:bucket", "", "ListObjects"],
  ["PUT", "/:bucket", "", "CreateBucket"],
  ["HEAD", "/:bucket", "", "HeadBucket"],
  ["DELETE", "/:bucket", "", "DeleteBucket"],
  ["POST", "/:bucket", "?delete", "DeleteObjects"],
  ["GET", "/:bucket/*", "?attributes", "GetObjectAttributes"],
  ["GET", "/:bucket/*", "", "GetObject"],
  ["HEAD", "/:bucket/*", "", "HeadObject"],
  ["PUT", "/:bucket/*", "?renameObject", "RenameObject"],
  ["PUT", "/:bucket/*", "?partNumber", "UploadPart"],
  ["PUT", "/:bucket/*", "x-amz-copy-source", "CopyObject"],
  ["PUT", "/:bucket/*", "", "PutObject"],
  ["DELETE", "/:bucket/*", "?uploadId", "AbortMultipartUpload"],
  ["DELETE", "/:bucket/*", "", "DeleteObject"],
  ["POST", "/:bucket/*", "?uploads", "CreateMultipartUpload"],
  ["POST", "/:bucket/*", "?uploadId", "CompleteMultipartUpload"],
];

/** The operation that a request is for; undefined for one of which no name is known. */
export function objectOperation(
  method: string,
  { route, query }: Pick<S3Address, "route" | "query">,
  headers: Readonly<Record<string, unknown>>,
): string | undefined {
  const subresource = subresourceOf({ route, query });
  if (subresource !== undefined) {
    const operation = subresourceOperation(method, route, subresource);
    return messagingOperations.s3.has(operation) ? operation : undefined;
  }
  const isMarked = (mark: string): boolean => {
    if (!mark.startsWith("?")) return mark === "" || headers[mark] !== undefined;
    const value = query[mark.slice(1)];
    // An upload without an id is none.
    return value !== undefined && (mark !== "?uploadId" || value !== "");
  };
  return operations.find(([of, at, mark]) => of === method && at === route && isMarked(mark))?.[3];
}
