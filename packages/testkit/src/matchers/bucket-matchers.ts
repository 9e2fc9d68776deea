import type { BucketObject } from "../bucket-handle.ts";
import { type AsymmetricMatcher, isAsymmetric, type Match, matches } from "./match.ts";
import type { Matcher } from "./result.ts";
import { lastOnes } from "./sections.ts";
import { show } from "./show.ts";
import { holdsForSome, isLike } from "./some.ts";
import { subjectOf } from "./subject.ts";

/** An object that is expected. */
export interface ExpectedObject {
  /** Its key, or an asymmetric matcher for it. */
  readonly key: string | AsymmetricMatcher;
  /** What is in it. Default: anything. */
  readonly match?: Match;
}

/** Holds when a bucket has an object with the key whose contents match; waits for it. `.not`: it has none once the world is idle. */
export const toHaveObject: Matcher<ExpectedObject> = async (received, { key, match }, context) => {
  const bucket = subjectOf(received, "toHaveObject", "bucket");
  const hasKey = (object: BucketObject): boolean => matches(key, object.key, context.equals);
  const keyText = isAsymmetric(key) ? show(key) : JSON.stringify(key);
  return holdsForSome(
    {
      subject: bucket,
      read: bucket.read,
      call: match === undefined ? "toHaveObject(key)" : "toHaveObject(key, match)",
      thing: `an object ${keyText}`,
      noun: "object",
      ...(match === undefined ? {} : { match }),
      items: (objects) => objects.filter(hasKey),
      accepts: ({ data, bytes }) => match === undefined || isLike(match, data, bytes, context.equals),
      candidate: (object) => ({ label: JSON.stringify(object.key), value: object.data }),
      isRelevant: (entry) => entry.type === "bucket.objectPut" && entry.bucket === bucket.name,
      mayGo: true,
      sections: objectSections,
    },
    context,
  );
};

/** The objects that came last. */
function objectSections(objects: readonly BucketObject[]): readonly string[] {
  if (objects.length === 0) return ["The bucket has no objects."];
  const last = objects.toSorted((a, b) => a.lastModified - b.lastModified).slice(-5);
  return [
    lastOnes(
      "Objects",
      last.map(({ key, data }) => `${key}: ${show(data)}`),
      objects.length,
    ),
  ];
}
