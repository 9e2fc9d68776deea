import { decodeBase64 } from "./base64.ts";
import type { ScalarReaders } from "./document-reader.ts";
import { notScalar } from "./type-errors.ts";

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
