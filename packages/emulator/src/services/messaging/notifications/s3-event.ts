import { accountId, partitionOf } from "../../../core/arns.ts";

/** What happened to an object. */
export interface ObjectEvent {
  /** Without `s3:`, such as `ObjectCreated:Put`. */
  readonly name: string;
  readonly bucket: string;
  readonly key: string;
  /** Of what is there now; undefined where nothing is. */
  readonly content: { readonly size: number; readonly etag: string } | undefined;
  /** World time, milliseconds since the epoch. */
  readonly at: number;
  /** How many events there were before in this world. */
  readonly count: number;
  readonly region: string;
  readonly requestId: string | undefined;
}

/** The event for a configuration of that id. AWS: names and order (AWS docs, "Event message structure"). */
export function s3Event(event: ObjectEvent, configurationId: string): string {
  const { name, bucket, key, content, at, count, region, requestId } = event;
  const sequencer = sequencerOf(at, count);
  const request = requestId ?? sequencer.slice(2);
  const object = {
    key: encodedKey(key),
    ...(content === undefined ? {} : { size: content.size, eTag: content.etag }),
    sequencer,
  };
  return JSON.stringify({
    Records: [
      {
        eventVersion: "2.1",
        eventSource: "aws:s3",
        awsRegion: region,
        eventTime: new Date(at).toISOString(),
        eventName: name,
        userIdentity: { principalId: `AWS:${accountId}` },
        requestParameters: { sourceIPAddress: "127.0.0.1" },
        responseElements: { "x-amz-request-id": request, "x-amz-id-2": hostIdOf(request) },
        s3: {
          s3SchemaVersion: "1.0",
          configurationId,
          bucket: {
            name: bucket,
            ownerIdentity: { principalId: accountId },
            arn: `arn:${partitionOf(region)}:s3:::${bucket}`,
          },
          object,
        },
      },
    ],
  });
}

/** AWS: hex digits by which the events of one key can be ordered (AWS docs). */
export function sequencerOf(at: number, count: number): string {
  return (at.toString(16).padStart(12, "0") + count.toString(16).padStart(6, "0")).toUpperCase();
}

/** What a queue or topic gets when a bucket is told to notify it. AWS: names and order (AWS docs). */
export function testEvent({
  bucket,
  at,
  requestId,
}: Pick<ObjectEvent, "bucket" | "at"> & { readonly requestId: string }) {
  return JSON.stringify({
    Service: "Amazon S3",
    Event: "s3:TestEvent",
    Time: new Date(at).toISOString(),
    Bucket: bucket,
    RequestId: requestId,
    HostId: hostIdOf(requestId),
  });
}

// AWS: a text in base64 that tells nothing to anybody else.
function hostIdOf(requestId: string): string {
  return Buffer.from(`LocalEmu ${requestId}`).toString("base64");
}

// AWS: as in a form, but with slashes (AWS docs: "red flower.jpg" is "red+flower.jpg").
function encodedKey(key: string): string {
  return new URLSearchParams({ key }).toString().slice("key=".length).replaceAll("%2F", "/");
}
