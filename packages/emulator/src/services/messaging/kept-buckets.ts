import type { BucketPersistence, S3Object, S3Store } from "localemu:fauxqs";
import type { Document, DocumentStore } from "../../storage/document-store.ts";
import { inCall, standingAt } from "./world-time.ts";

/** By name of the bucket, both. */
const bucketsCollection = "s3.buckets";
const lifecyclesCollection = "s3.lifecycles";
/** By key; what is in an object are the document's bytes. */
const objectsOf = (bucket: string): string => `s3.objects/${bucket}`;

/** Times are world time, milliseconds since the epoch. */
type BucketDocument = { readonly createdAt: number; readonly type: string };

type LifecycleDocument = { readonly configuration: string };

type ObjectDocument = {
  readonly contentType: string;
  readonly etag: string;
  readonly changedAt: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentLanguage: string | undefined;
  readonly contentDisposition: string | undefined;
  readonly cacheControl: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly parts: readonly PartDocument[] | undefined;
  readonly checksum: ChecksumDocument | undefined;
};

type PartDocument = { readonly partNumber: number; readonly offset: number; readonly length: number };

type ChecksumDocument = {
  readonly algorithm: string;
  readonly value: string | undefined;
  readonly type: string | undefined;
  readonly parts: readonly string[] | undefined;
};

/** Keeps buckets and objects. Uploads in parts are kept when they are complete. */
export function keptBuckets(documents: DocumentStore, s3: S3Store): BucketPersistence {
  const putObject = (bucket: string, object: S3Object): void =>
    documents.put(objectsOf(bucket), object.key, encodeObject(object), object.body);
  const nothing = (): void => {};
  return {
    insertBucket(name, creationDate, type) {
      documents.put(bucketsCollection, name, { createdAt: creationDate.getTime(), type } satisfies BucketDocument);
    },
    deleteBucket(name) {
      documents.delete(bucketsCollection, name);
      documents.delete(lifecyclesCollection, name);
    },
    saveBucketLifecycleConfiguration(bucket, configuration) {
      documents.put(lifecyclesCollection, bucket, { configuration } satisfies LifecycleDocument);
    },
    deleteBucketLifecycleConfiguration: (bucket) => documents.delete(lifecyclesCollection, bucket),
    upsertObject: putObject,
    deleteObject: (bucket, key) => documents.delete(objectsOf(bucket), key),
    renameObject(bucket, sourceKey, key) {
      documents.delete(objectsOf(bucket), sourceKey);
      putObject(bucket, s3.headObject(bucket, key));
    },
    insertMultipartUpload: nothing,
    upsertMultipartPart: nothing,
    deleteMultipartUpload: nothing,
    completeMultipartUpload: (_uploadId, bucket, object) => putObject(bucket, object),
  };
}

export function restoreBuckets(documents: DocumentStore, s3: S3Store): void {
  for (const { key: name, value } of documents.read<BucketDocument>(bucketsCollection)) {
    // Its time of creation is when it is made.
    inCall({ clock: standingAt(value.createdAt) }, () => s3.createBucket(name, value.type));
    for (const object of documents.read<ObjectDocument>(objectsOf(name))) s3.restoreObject(name, decodeObject(object));
  }
  for (const { key: bucket, value } of documents.read<LifecycleDocument>(lifecyclesCollection))
    s3.restoreBucketLifecycleConfiguration(bucket, value.configuration);
}

function encodeObject(object: S3Object): ObjectDocument {
  const { checksumAlgorithm: algorithm, parts } = object;
  return {
    contentType: object.contentType,
    etag: object.etag,
    changedAt: object.lastModified.getTime(),
    metadata: { ...object.metadata },
    contentLanguage: object.contentLanguage,
    contentDisposition: object.contentDisposition,
    cacheControl: object.cacheControl,
    contentEncoding: object.contentEncoding,
    parts: parts?.map(({ partNumber, offset, length }) => ({ partNumber, offset, length })),
    checksum:
      algorithm === undefined
        ? undefined
        : { algorithm, value: object.checksumValue, type: object.checksumType, parts: object.partChecksums },
  };
}

function decodeObject({ key, value, bytes = new Uint8Array() }: Document<ObjectDocument>): S3Object {
  const { checksum } = value;
  return {
    key,
    body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    contentType: value.contentType,
    contentLength: bytes.byteLength,
    etag: value.etag,
    lastModified: new Date(value.changedAt),
    metadata: value.metadata,
    contentLanguage: value.contentLanguage,
    contentDisposition: value.contentDisposition,
    cacheControl: value.cacheControl,
    contentEncoding: value.contentEncoding,
    parts: value.parts,
    checksumAlgorithm: checksum?.algorithm,
    checksumValue: checksum?.value,
    checksumType: checksum?.type,
    partChecksums: checksum?.parts,
  };
}
