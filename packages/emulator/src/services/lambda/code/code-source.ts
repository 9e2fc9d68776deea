import type { FunctionCode } from "@aws-sdk/client-lambda";
import { invalidParameter, requestEntityTooLarge } from "../lambda-error.ts";
import type { LambdaPorts } from "../ports.ts";

// AWS: a zip that comes within the request (AWS docs, Lambda quotas).
const maxZipBytes = 52_428_800;

/** The zip that a request brings, or that lies in the bucket it names. */
export async function readCode(
  { readObject }: Pick<LambdaPorts, "readObject">,
  source: Omit<FunctionCode, "S3ObjectStorageMode">,
): Promise<Uint8Array> {
  const { ZipFile: zip, S3Bucket: bucket, S3Key: key, S3ObjectVersion: version, ImageUri: image } = source;
  // Assumed: the text, after that of an update.
  if (image !== undefined) throw invalidParameter("Please don't provide ImageUri when the packageType is Zip.");
  if (zip !== undefined) {
    // AWS: the texts (AWS users' reports).
    if (bucket !== undefined || key !== undefined || version !== undefined)
      throw invalidParameter("Please do not provide other FunctionCode parameters when providing a ZipFile.");
    if (zip.byteLength === 0) throw invalidParameter("Uploaded file must be a non-empty zip");
    // AWS: recorded on AWS.
    if (zip.byteLength > maxZipBytes)
      throw requestEntityTooLarge(`Zipped size must be smaller than ${maxZipBytes} bytes`);
    return zip;
  }
  // AWS: the text (AWS users' reports).
  if (bucket === undefined || key === undefined) throw invalidParameter("Please provide a source for function code.");
  const read = await readObject(bucket, key, version);
  if (read.kind === "found") return read.body;
  // AWS: recorded on AWS.
  throw invalidParameter(
    `Error occurred while GetObject. S3 Error Code: ${read.code}. S3 Error Message: ${read.message}`,
  );
}
