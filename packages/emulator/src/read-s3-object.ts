import type { CallContext } from "./protocols/operations.ts";
import type { ObjectRead } from "./services/lambda/ports.ts";
import type { Messaging } from "./services/messaging/ports.ts";

// AWS: the texts (recorded on AWS). The messaging library has words of its own.
const awsMessages: Readonly<Record<string, string | undefined>> = {
  NoSuchBucket: "The specified bucket does not exist",
  NoSuchKey: "The specified key does not exist.",
};

/** Reads a whole object from inside the emulator. */
export async function readS3Object(
  messaging: Messaging,
  call: Pick<CallContext, "origin" | "region" | "requestId" | "signal">,
  { bucket, key, versionId }: { readonly bucket: string; readonly key: string; readonly versionId: string | undefined },
): Promise<ObjectRead> {
  const url = `/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
  const reply = await messaging.handle("s3", { method: "GET", url, headers: {}, body: Buffer.alloc(0) }, call);
  // AWS: what was put where there are no versions has the version "null" (AWS docs).
  if (reply.status < 300 && versionId !== undefined && versionId !== "null") return noVersion(key, versionId);
  if (reply.status < 300) return { kind: "found", body: bytesOf(reply.body) };
  const text = bytesOf(reply.body).toString();
  const member = (name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? "";
  const code = member("Code");
  return { kind: "failed", code, message: awsMessages[code] ?? member("Message") };
}

// AWS: code and sentence (AWS docs, S3 error responses).
function noVersion(key: string, versionId: string): ObjectRead {
  const message = `The specified version does not exist. LocalEmu's S3 keeps no versions of ${key}: leave out S3ObjectVersion (${versionId}).`;
  return { kind: "failed", code: "NoSuchVersion", message };
}

function bytesOf(body: string | Buffer | undefined): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(body ?? "");
}
