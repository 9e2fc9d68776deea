import { decodeBase64 } from "./base64.ts";
import { isRecord } from "./document-reader.ts";
import type { ScalarReaders } from "./document-reader.ts";
import { serializationException } from "./errors.ts";
import { notScalar } from "./type-errors.ts";

/** The document in a body. AWS: one that is no JSON, or no object, is answered without a text (kinesalite's suite). */
export function parseJson(body: Buffer): unknown {
  let document: unknown;
  try {
    document = JSON.parse(body.toString("utf8"));
  } catch {
    throw serializationException();
  }
  if (!isRecord(document)) throw serializationException();
  return document;
}

/** Blobs in base64, timestamps in seconds since the epoch. */
export const jsonScalars: ScalarReaders = {
  blob(value) {
    if (typeof value !== "string") throw notScalar(value, "a Blob");
    return decodeBase64(value);
  },
  timestamp(value) {
    if (typeof value !== "number") throw notScalar(value, "milliseconds since epoch");
    return new Date(Math.round(value * 1000));
  },
};
