import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectTaggingCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  GetPublicAccessBlockCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { startOrders } from "./queues.ts";

const Bucket = "archive";

async function start() {
  const { server } = await startOrders();
  const s3 = server.s3("orders");
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "content" }));
  const content = async () => (await s3.send(new GetObjectCommand({ Bucket, Key: "a" }))).Body?.transformToString();
  return { s3, content };
}

test("what was never set of a bucket or an object is read as on AWS", async () => {
  const { s3 } = await start();
  expect(await s3.send(new GetBucketLocationCommand({ Bucket }))).not.toHaveProperty("LocationConstraint", "archive");
  expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
  expect((await s3.send(new GetBucketAclCommand({ Bucket }))).Grants).toMatchObject([{ Permission: "FULL_CONTROL" }]);
  expect((await s3.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration).toMatchObject({
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
  });
  expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "a" }))).TagSet).toEqual([]);
  for (const [read, name] of [
    [() => s3.send(new GetBucketPolicyCommand({ Bucket })), "NoSuchBucketPolicy"],
    [() => s3.send(new GetBucketCorsCommand({ Bucket })), "NoSuchCORSConfiguration"],
    [() => s3.send(new GetBucketTaggingCommand({ Bucket })), "NoSuchTagSet"],
    [() => s3.send(new GetPublicAccessBlockCommand({ Bucket })), "NoSuchPublicAccessBlockConfiguration"],
  ] as const)
    await expect(read()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 404 } });
  await expect(s3.send(new GetBucketPolicyCommand({ Bucket: "nowhere" }))).rejects.toMatchObject({
    name: "NoSuchBucket",
  });
});

test("setting it is declined, and harms neither bucket nor object", async () => {
  const { s3, content } = await start();
  const Tagging = { TagSet: [{ Key: "team", Value: "a" }] };
  const VersioningConfiguration = { Status: "Enabled" } as const;
  for (const change of [
    () => s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration })),
    () => s3.send(new DeleteBucketPolicyCommand({ Bucket })),
    () => s3.send(new PutObjectTaggingCommand({ Bucket, Key: "a", Tagging })),
    () => s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: "a" })),
  ])
    await expect(change()).rejects.toMatchObject({ name: "NotImplemented", $metadata: { httpStatusCode: 501 } });
  expect(await content()).toBe("content");
});
