import { accountId } from "../../core/arns.ts";
import { s3Error } from "./http-forms.ts";
import type { MessagingReply } from "./ports.ts";
import type { S3Address } from "./s3-address.ts";

/** What S3 answers where something was never set: a document, or an error. */
type Unset = { readonly document: string } | { readonly code: string; readonly message: string };

/** What operations call it after `Get`, `Put` and `Delete`, and what they answer. */
type Subresource = { readonly name: string } & Unset;

const owner = `<Owner><ID>${accountId}</ID></Owner>`;
const grantee = `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>${accountId}</ID></Grantee>`;
const acl: Unset = {
  document: `<AccessControlPolicy>${owner}<AccessControlList><Grant>${grantee}<Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>`,
};
const aes =
  "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>";

/**
 * By query parameter: what a bucket has besides objects, a lifecycle and notifications. None of it can be set here.
 * AWS: documents, codes and texts (AWS docs, API reference and S3 error responses).
 */
const ofBuckets: ReadonlyMap<string, Subresource> = new Map<string, Subresource>([
  ["accelerate", { name: "BucketAccelerateConfiguration", document: "<AccelerateConfiguration/>" }],
  ["acl", { name: "BucketAcl", ...acl }],
  ["cors", { name: "BucketCors", code: "NoSuchCORSConfiguration", message: "The CORS configuration does not exist" }],
  [
    "encryption",
    {
      name: "BucketEncryption",
      document: `<ServerSideEncryptionConfiguration><Rule>${aes}</Rule></ServerSideEncryptionConfiguration>`,
    },
  ],
  ["location", { name: "BucketLocation", document: "<LocationConstraint/>" }],
  ["logging", { name: "BucketLogging", document: "<BucketLoggingStatus/>" }],
  [
    "object-lock",
    {
      name: "ObjectLockConfiguration",
      code: "ObjectLockConfigurationNotFoundError",
      message: "Object Lock configuration does not exist for this bucket",
    },
  ],
  [
    "ownershipControls",
    {
      name: "BucketOwnershipControls",
      code: "OwnershipControlsNotFoundError",
      message: "The bucket ownership controls were not found",
    },
  ],
  ["policy", { name: "BucketPolicy", code: "NoSuchBucketPolicy", message: "The bucket policy does not exist" }],
  [
    "publicAccessBlock",
    {
      name: "PublicAccessBlock",
      code: "NoSuchPublicAccessBlockConfiguration",
      message: "The public access block configuration was not found",
    },
  ],
  [
    "replication",
    {
      name: "BucketReplication",
      code: "ReplicationConfigurationNotFoundError",
      message: "The replication configuration was not found",
    },
  ],
  [
    "requestPayment",
    {
      name: "BucketRequestPayment",
      document: "<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>",
    },
  ],
  ["tagging", { name: "BucketTagging", code: "NoSuchTagSet", message: "The TagSet does not exist" }],
  ["versioning", { name: "BucketVersioning", document: "<VersioningConfiguration/>" }],
  [
    "website",
    {
      name: "BucketWebsite",
      code: "NoSuchWebsiteConfiguration",
      message: "The specified bucket does not have a website configuration",
    },
  ],
]);

const ofObjects: ReadonlyMap<string, Subresource> = new Map<string, Subresource>([
  ["acl", { name: "ObjectAcl", ...acl }],
  ["tagging", { name: "ObjectTagging", document: "<Tagging><TagSet/></Tagging>" }],
  [
    "legal-hold",
    {
      name: "ObjectLegalHold",
      code: "NoSuchObjectLockConfiguration",
      message: "The specified object does not have a ObjectLock configuration",
    },
  ],
  [
    "retention",
    {
      name: "ObjectRetention",
      code: "NoSuchObjectLockConfiguration",
      message: "The specified object does not have a ObjectLock configuration",
    },
  ],
]);

/** What a request is for, where that is not a bucket or an object itself, but something that can be set of it. */
export function subresourceOf({ route, query }: Pick<S3Address, "route" | "query">): string | undefined {
  const known = route === "/:bucket" ? ofBuckets : route === "/:bucket/*" ? ofObjects : undefined;
  return known && Object.keys(query).find((name) => known.has(name));
}

const verbs: ReadonlyMap<string, string> = new Map([
  ["GET", "Get"],
  ["PUT", "Put"],
  ["DELETE", "Delete"],
]);

/** The operation that a request for a subresource would be: not each of them can be set or removed on AWS. */
export function subresourceOperation(method: string, route: S3Address["route"], subresource: string): string {
  const { name = "" } = (route === "/:bucket" ? ofBuckets : ofObjects).get(subresource) ?? {};
  return `${verbs.get(method) ?? method}${name}`;
}

/** Reading tells that nothing is set; setting it is declined, for it would have no effect. */
export function answerSubresource(
  method: string,
  route: S3Address["route"],
  name: string,
  requestId: string,
): MessagingReply {
  const unset = (route === "/:bucket" ? ofBuckets : ofObjects).get(name);
  if (method !== "GET" || unset === undefined)
    return s3Error(
      501,
      "NotImplemented",
      `LocalEmu's S3 does not offer to change what "?${name}" stands for.`,
      requestId,
    );
  if ("code" in unset) return s3Error(404, unset.code, unset.message, requestId);
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${unset.document}`;
  return { status: 200, headers: { "content-type": "application/xml", "x-amz-request-id": requestId }, body };
}
