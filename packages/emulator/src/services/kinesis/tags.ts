import type { Tag } from "@aws-sdk/client-kinesis";
import { invalidArgument } from "./errors.ts";

const mostTags = 50;
/** AWS: the characters that kinesalite's suite found, recorded on AWS; `%` is refused by a text of its own. */
const invalidCharacter = /[^\u00C0-\u1FFF\u2C00-\uD7FF\w./\-=+_ @%]/;
/** AWS: `:` as well (AWS docs). */
const invalidResourceCharacter = /[^\u00C0-\u1FFF\u2C00-\uD7FF\w./\-=+_ @%:]/;

/** What a change of tags is made to, e.g. `add tags to stream orders under account 000000000000`. */
interface TagChange {
  readonly words: string;
  /** The operation is one of those that take a resource's ARN. */
  readonly byArn: boolean;
}

/** Throws when a key or value has a character that tags may not have. */
export function assertTagCharacters(texts: readonly string[], { words, byArn }: TagChange): void {
  const invalid = byArn ? invalidResourceCharacter : invalidCharacter;
  if (texts.some((text) => invalid.test(text))) {
    throw invalidArgument(
      "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.",
    );
  }
  if (!texts.some((text) => text.includes("%"))) return;
  throw invalidArgument(
    `Failed to ${words} because some tags contained illegal characters. The allowed characters are Unicode letters, ` +
      "white-spaces, '_',',','/','=','+','-','@'.",
  );
}

/** Adds `added` to `tags`; throws and changes nothing when there would be too many or one is not allowed. */
export function addTags(tags: Map<string, string>, added: Readonly<Record<string, string>>, change: TagChange): void {
  assertTagCharacters(Object.entries(added).flat(), change);
  if (new Set([...tags.keys(), ...Object.keys(added)]).size > mostTags) {
    // AWS: it says 10, from the time when that was the limit (kinesalite's suite).
    throw invalidArgument(
      `Failed to ${change.words} because a given stream cannot have more than 10 tags associated with it.`,
    );
  }
  for (const [key, value] of Object.entries(added)) tags.set(key, value);
}

export function removeTags(tags: Map<string, string>, keys: readonly string[], change: TagChange): void {
  assertTagCharacters(keys, change);
  for (const key of keys) tags.delete(key);
}

/** In the order of their keys. */
export function describeTags(tags: ReadonlyMap<string, string>): Tag[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value })).toSorted((a, b) => (a.Key < b.Key ? -1 : 1));
}
