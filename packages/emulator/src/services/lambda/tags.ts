import { validationException } from "../../protocols/errors.ts";
import { invalidParameter } from "./lambda-error.ts";

export type Tags = Readonly<Record<string, string>>;

/** A function or an event source mapping, as far as its tags go. */
export interface TaggedResource {
  readonly tags: Tags;
  replaceTags(tags: Tags): void;
}

const mostTags = 50;
const longestKey = 128;
const longestValue = 256;

/** `tags` with those of `added`. Throws AwsError where that cannot be. */
export function withTags(tags: Tags, added: Tags): Tags {
  refuseTexts(added);
  const all = { ...tags, ...added };
  // AWS: the text (recorded on AWS).
  if (Object.keys(all).length > mostTags) throw invalidParameter("Number of tags exceeds resource tag limit.");
  return all;
}

export function withoutTags(tags: Tags, keys: readonly string[]): Tags {
  const removed = new Set(keys);
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !removed.has(key)));
}

// AWS: these limits, which the service's model does not have (AWS docs). Assumed: the texts.
function refuseTexts(tags: Tags): void {
  const entries = Object.entries(tags);
  const start = "1 validation error detected: Value at 'tags' failed to satisfy constraint:";
  if (entries.some(([key]) => key.length === 0 || key.length > longestKey)) {
    throw validationException(
      `${start} Map keys must satisfy constraint: [Member must have length less than or equal to ${longestKey}, ` +
        "Member must have length greater than or equal to 1]",
    );
  }
  if (entries.some(([, value]) => value.length > longestValue)) {
    throw validationException(
      `${start} Map value must satisfy constraint: [Member must have length less than or equal to ${longestValue}]`,
    );
  }
  if (entries.some(([key]) => /^aws:/i.test(key))) {
    throw invalidParameter("aws: prefixed tag key names are not allowed for external use.");
  }
}
