import { Readable } from "node:stream";
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { startOrders } from "./queues.ts";

/** Of requests that no client of the SDK would send. */
const ofS3 = { authorization: "AWS4-HMAC-SHA256 Credential=test/21000701/us-east-1/s3/aws4_request" };

async function start() {
  const world = await startOrders();
  const s3 = world.server.s3("orders");
  await s3.send(new CreateBucketCommand({ Bucket: "archive" }));
  return { ...world, s3, Bucket: "archive" };
}

test("an object is put, read whole and in part, listed and deleted; its times are world time", async () => {
  const { s3, Bucket, time, clock } = await start();
  await time.advance(86_400_000);
  const Key = "daily/report 1+2 ü.json";
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: "0123456789", Metadata: { owner: "me" } }));

  const whole = await s3.send(new GetObjectCommand({ Bucket, Key }));
  expect(await whole.Body?.transformToString()).toBe("0123456789");
  expect(whole.Metadata).toEqual({ owner: "me" });
  expect(whole.LastModified?.getTime()).toBe(Math.floor(clock.now() / 1000) * 1000);
  const part = await s3.send(new GetObjectCommand({ Bucket, Key, Range: "bytes=2-4" }));
  expect(await part.Body?.transformToString()).toBe("234");
  expect(part.ContentRange).toBe("bytes 2-4/10");
  expect(await s3.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({ ContentLength: 10 });

  const listed = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "daily/" }));
  expect(listed.Contents).toMatchObject([{ Key, Size: 10 }]);
  await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } }));
  expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
});

test("a streamed upload of 32 MiB, whose length and checksum follow in the trailer, arrives whole", async () => {
  const { s3, Bucket } = await start();
  const chunk = Buffer.alloc(1 << 20, "x");
  const Body = Readable.from(Array.from({ length: 32 }, () => chunk));
  const put = { Bucket, Key: "large", Body, ContentLength: 32 * chunk.length };
  await s3.send(new PutObjectCommand({ ...put, ChecksumAlgorithm: "CRC32" }));

  const { Body: stored, ContentLength } = await s3.send(new GetObjectCommand({ Bucket, Key: "large" }));
  expect(ContentLength).toBe(32 * chunk.length);
  expect(Buffer.from((await stored?.transformToByteArray()) ?? []).equals(Buffer.alloc(32 * chunk.length, "x"))).toBe(
    true,
  );
});

test("an object is uploaded in parts", async () => {
  const { s3, Bucket } = await start();
  const object = { Bucket, Key: "parts" };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(object));
  const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
  for (const [index, Body] of [Buffer.alloc(5 << 20, "a"), Buffer.from("end")].entries()) {
    const PartNumber = index + 1;
    const { ETag } = await s3.send(new UploadPartCommand({ ...object, UploadId, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  await s3.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts } }));
  expect(await s3.send(new HeadObjectCommand(object))).toMatchObject({ ContentLength: (5 << 20) + 3 });
});

test("what does not exist is the SDK's own exception", async () => {
  const { s3, Bucket, events } = await start();
  await expect(s3.send(new GetObjectCommand({ Bucket, Key: "missing" }))).rejects.toThrow(NoSuchKey);
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key: "missing" }))).rejects.toThrow(NotFound);
  await expect(s3.send(new ListObjectsV2Command({ Bucket: "no-bucket" }))).rejects.toThrow(NoSuchBucket);
  expect(events.map((event) => event.type === "call.failed" && event.code)).toEqual([
    "NoSuchKey",
    "404",
    "NoSuchBucket",
  ]);
});

test("a bucket named as one of the library's own routes is a bucket", async () => {
  const { s3 } = await start();
  await s3.send(new CreateBucketCommand({ Bucket: "health" }));
  expect(await s3.send(new ListObjectsV2Command({ Bucket: "health" }))).toMatchObject({ Name: "health", KeyCount: 0 });
});

test.each([
  ["?delete", "<Key>"],
  ["/a?uploadId=none", "<Part>"],
  ["/a?uploadId=none", "<Part><ETag>"],
  ["", "--x"],
])("a body that does not end costs no more than its length, for %j of %j", async (path, part) => {
  const { Bucket, server } = await start();
  const headers = { ...ofS3, "content-type": part === "--x" ? "multipart/form-data; boundary=x" : "application/xml" };
  const body = part.repeat(200_000);
  const reply = await fetch(`${server.origin}/_world/orders/${Bucket}${path}`, { method: "POST", headers, body });
  expect(reply.status).toBeLessThan(500);
});

test.each([
  ["", 412, "PreconditionFailed"],
  ["?uploads", 412, "PreconditionFailed"],
  ["/kept", 405, "MethodNotAllowed"],
  ["/kept?uploadId=", 405, "MethodNotAllowed"],
])("a POST to %j, which is no operation, is refused and deletes nothing", async (path, status, code) => {
  const { s3, Bucket, server } = await start();
  await s3.send(new PutObjectCommand({ Bucket, Key: "kept", Body: "x" }));
  const body = "<Delete><Object><Key>kept</Key></Object></Delete>";
  const reply = await fetch(`${server.origin}/_world/orders/${Bucket}${path}`, { method: "POST", headers: ofS3, body });
  expect({ status: reply.status, text: await reply.text() }).toEqual({
    status,
    text: expect.stringContaining(`<Code>${code}</Code>`),
  });
  expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(1);
});
