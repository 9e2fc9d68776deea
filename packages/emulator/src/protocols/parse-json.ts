import { serializationException } from "./errors.ts";

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

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
