import { accountId } from "../../core/arns.ts";
import { s3Error } from "./http-forms.ts";
import type { MessagingReply } from "./ports.ts";
import type { S3Address } from "./s3-address.ts";

/** What S3 answers where something was never set: a document, or an error. */
type Unset = { readonly document: string } | { readonly code: string; readonly message: string };

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
const ofBuckets: ReadonlyMap<string, Unset> = new Map<string, Unset>([
  ["accelerate", { document: "<AccelerateConfiguration/>" }],
  ["acl", acl],
  ["cors", { code: "NoSuchCORSConfiguration", message: "The CORS configuration does not exist" }],
  [
    "encryption",
    { document: `<ServerSideEncryptionConfiguration><Rule>${aes}</Rule></ServerSideEncryptionConfiguration>` },
  ],
  ["location", { document: "<LocationConstraint/>" }],
  ["logging", { document: "<BucketLoggingStatus/>" }],
  [
    "object-lock",
    {
      code: "ObjectLockConfigurationNotFoundError",
      message: "Object Lock configuration does not exist for this bucket",
    },
  ],
  [
    "ownershipControls",
    { code: "OwnershipControlsNotFoundError", message: "The bucket ownership controls were not found" },
  ],
  ["policy", { code: "NoSuchBucketPolicy", message: "The bucket policy does not exist" }],
  [
    "publicAccessBlock",
    {
      code: "NoSuchPublicAccessBlockConfiguration",
      message: "The public access block configuration was not found",
    },
  ],
  [
    "replication",
    {
      code: "ReplicationConfigurationNotFoundError",
      message: "The replication configuration was not found",
    },
  ],
  [
    "requestPayment",
    { document: "<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>" },
  ],
  ["tagging", { code: "NoSuchTagSet", message: "The TagSet does not exist" }],
  ["versioning", { document: "<VersioningConfiguration/>" }],
  [
    "website",
    {
      code: "NoSuchWebsiteConfiguration",
      message: "The specified bucket does not have a website configuration",
    },
  ],
]);

const ofObjects: ReadonlyMap<string, Unset> = new Map<string, Unset>([
  ["acl", acl],
  ["tagging", { document: "<Tagging><TagSet/></Tagging>" }],
  [
    "legal-hold",
    {
      code: "NoSuchObjectLockConfiguration",
      message: "The specified object does not have a ObjectLock configuration",
    },
  ],
  [
    "retention",
    {
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
