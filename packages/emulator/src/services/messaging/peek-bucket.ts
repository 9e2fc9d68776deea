import type { S3Store } from "localemu:fauxqs";
import type { PeekedBucket } from "@localemu/control";

/** Larger objects are shown without their data, unless they are asked for. Bytes. */
const largestShown = 1024 * 1024;

/** The objects of a bucket, or the one that has `key`; undefined where there is no such bucket. */
export function peekBucket(s3: S3Store, bucketName: string, key: string | undefined): PeekedBucket | undefined {
  if (!s3.hasBucket(bucketName)) return undefined;
  const { objects } = s3.listObjects(bucketName, { maxKeys: Infinity });
  return {
    bucketName,
    objects: objects
      .filter((object) => key === undefined || object.key === key)
      .map(({ body, lastModified, ...object }) => ({
        key: object.key,
        size: body.length,
        contentType: object.contentType,
        metadata: object.metadata,
        lastModified: lastModified.getTime(),
        ...(key !== undefined || body.length <= largestShown ? { data: body.toString("base64") } : {}),
      })),
  };
}
