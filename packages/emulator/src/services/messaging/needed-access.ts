import { accountId, partitionOf } from "../../core/arns.ts";
import { header, parsedObject } from "./http-forms.ts";
import type { MessagingRequest, MessagingService, NeededPermission } from "./ports.ts";
import { queryForm } from "./query-form.ts";
import { queueNameOf } from "./queue-url.ts";
import { s3Address } from "./s3-address.ts";

/**
 * What a call must be allowed, by its operation's name. AWS: actions and resources (AWS docs, service authorization reference).
 */
export function neededPermissions(
  service: MessagingService,
  operation: string,
  request: MessagingRequest,
  region: string,
): readonly NeededPermission[] {
  if (service === "s3") return ofObjects(operation, request);
  if (!Buffer.isBuffer(request.body)) return [];
  const arn = (name: string): string => `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${name}`;
  // AWS: there are no permissions for batches: each of their parts needs its own (AWS docs).
  const action = `${service}:${operation.replace(/Batch$/, "")}`;
  if (service === "sqs") {
    const input = parsedObject(request.body.toString()) ?? {};
    const { QueueUrl: url, QueueName: name } = input;
    if (typeof url === "string") return [{ action, resource: arn(queueNameOf(url)) }];
    return [{ action, resource: typeof name === "string" ? arn(name) : arn("*") }];
  }
  // Links in notifications are followed by whoever has them.
  if (request.method === "GET" && /^(Unsubscribe|ConfirmSubscription)$/.test(operation)) return [];
  const form = queryForm(request);
  const subscription = form.get("SubscriptionArn")?.split(":").slice(0, 6).join(":");
  const topic = form.get("TopicArn") ?? form.get("TargetArn") ?? form.get("ResourceArn") ?? subscription;
  const named = form.get("Name");
  return [{ action, resource: topic ?? (named === undefined ? "*" : arn(named)) }];
}

/** Operations of S3 whose permission has another name. */
const objectActions: ReadonlyMap<string, string> = new Map([
  ["ListBuckets", "ListAllMyBuckets"],
  ["ListObjects", "ListBucket"],
  ["ListObjectsV2", "ListBucket"],
  ["HeadBucket", "ListBucket"],
  ["HeadObject", "GetObject"],
  ["UploadPart", "PutObject"],
  ["CreateMultipartUpload", "PutObject"],
  ["CompleteMultipartUpload", "PutObject"],
  ["CopyObject", "PutObject"],
  ["DeleteObjects", "DeleteObject"],
  ["RenameObject", "PutObject"],
  ["GetBucketNotificationConfiguration", "GetBucketNotification"],
  ["PutBucketNotificationConfiguration", "PutBucketNotification"],
  ["GetBucketAccelerateConfiguration", "GetAccelerateConfiguration"],
  ["PutBucketAccelerateConfiguration", "PutAccelerateConfiguration"],
  ["GetBucketCors", "GetBucketCORS"],
  ["PutBucketCors", "PutBucketCORS"],
  ["DeleteBucketCors", "PutBucketCORS"],
  ["GetBucketEncryption", "GetEncryptionConfiguration"],
  ["PutBucketEncryption", "PutEncryptionConfiguration"],
  ["DeleteBucketEncryption", "PutEncryptionConfiguration"],
  ["GetBucketLifecycleConfiguration", "GetLifecycleConfiguration"],
  ["PutBucketLifecycleConfiguration", "PutLifecycleConfiguration"],
  ["DeleteBucketLifecycle", "PutLifecycleConfiguration"],
  ["GetObjectLockConfiguration", "GetBucketObjectLockConfiguration"],
  ["PutObjectLockConfiguration", "PutBucketObjectLockConfiguration"],
  ["DeleteBucketOwnershipControls", "PutBucketOwnershipControls"],
  ["GetPublicAccessBlock", "GetBucketPublicAccessBlock"],
  ["PutPublicAccessBlock", "PutBucketPublicAccessBlock"],
  ["DeletePublicAccessBlock", "PutBucketPublicAccessBlock"],
  ["GetBucketReplication", "GetReplicationConfiguration"],
  ["PutBucketReplication", "PutReplicationConfiguration"],
  ["DeleteBucketReplication", "PutReplicationConfiguration"],
  ["DeleteBucketTagging", "PutBucketTagging"],
]);

/** Buckets belong to no region. What is known by no name is answered as it is. */
function ofObjects(operation: string, request: MessagingRequest): readonly NeededPermission[] {
  const address = s3Address(request.url, header(request, "host") ?? header(request, ":authority"));
  if (address === undefined || operation.includes(" ")) return [];
  const { bucket, "*": key } = address.params;
  const resource = bucket === undefined ? "*" : `arn:aws:s3:::${bucket}${key === undefined ? "" : `/${key}`}`;
  const action = `s3:${objectActions.get(operation) ?? operation}`;
  // Assumed: who deletes several objects at once must be allowed to delete any: the list is not looked at.
  if (operation === "DeleteObjects") return [{ action, resource: `${resource}/*` }];
  const needed = [{ action, resource }];
  // AWS: it needs both (AWS docs, API reference).
  if (operation === "GetObjectAttributes") return [{ action: "s3:GetObject", resource }, ...needed];
  const source = operation === "CopyObject" ? header(request, "x-amz-copy-source") : undefined;
  if (source === undefined) return needed;
  const copied = decoded(source.replace(/^\//, "").replace(/\?.*$/, ""));
  return [{ action: "s3:GetObject", resource: `arn:aws:s3:::${copied}` }, ...needed];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent encoding: the operation answers it.
    return text;
  }
}
