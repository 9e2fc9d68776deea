import { isUtf8 } from "node:buffer";
import type { Json, JsonObject } from "./json.ts";

/** How the records of a kind of source look to filters. */
export interface RecordView<R> {
  /** The member that holds what the producer wrote, such as `data`. */
  readonly contentKey: string;
  /** Whether a pattern may compare content that is no JSON, by `{"<contentKey>": ["text"]}`. */
  readonly comparesText: boolean;
  contentOf(record: R): Content;
  /** The other members. */
  metadataOf(record: R): JsonObject;
}

export type Content =
  | { readonly kind: "json"; readonly value: Json }
  | { readonly kind: "text"; readonly text: string };

const openBrace = 0x7b;
const openBracket = 0x5b;

/** Assumed: JSON is an object or an array in UTF-8; a lone number or text is plain text. */
export function contentOfBytes(bytes: Buffer): Content {
  const start = bytes.find((byte) => byte > 0x20);
  const text = bytes.toString("utf8");
  if ((start !== openBrace && start !== openBracket) || !isUtf8(bytes)) return { kind: "text", text };
  return contentOfText(text);
}

export function contentOfText(text: string): Content {
  // Throwing is dear, and most of what is no JSON is seen by its first character.
  if (!/^\s*[{[]/.test(text)) return { kind: "text", text };
  try {
    const value: Json = JSON.parse(text);
    return { kind: "json", value };
  } catch {
    return { kind: "text", text };
  }
}
