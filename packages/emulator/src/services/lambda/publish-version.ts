import type { CodeFacts, FunctionVersion, LambdaFunction } from "./state/function-store.ts";

/** What a published version has of its own. */
interface NewVersion {
  readonly revisionId: string;
  /** Takes the place of the function's, as the code does. */
  readonly description?: string | undefined;
  readonly code?: CodeFacts;
  /** AWS: a version that is published together with its code is Pending first, any other Active at once (recorded on AWS). */
  readonly state: FunctionVersion["state"];
}

/** Makes the next published version out of what `$LATEST` is now; the caller deploys it. */
export function addVersion(
  fn: LambdaFunction,
  { revisionId, description, state, ...own }: NewVersion,
): FunctionVersion {
  const { settings, lastModified, origin } = fn.latest;
  const { code = fn.latest.code } = own;
  const number = fn.publication.number + 1;
  const version: FunctionVersion = {
    version: String(number),
    settings: description === undefined ? settings : { ...settings, description },
    code,
    lastModified,
    revisionId,
    state,
    lastUpdate: state === "Pending" ? undefined : "Successful",
    origin,
  };
  fn.publication = { number, settings, code };
  fn.published.set(version.version, version);
  return version;
}

/** The version that was published last, if `$LATEST` is still what it was then. */
export function unchangedVersion({ latest, publication, published }: LambdaFunction): FunctionVersion | undefined {
  const { isDeepStrictEqual } = process.getBuiltinModule("node:util");
  // AWS docs: nothing is published where "the function's configuration and code haven't changed since the last version".
  // Assumed: an update that leaves everything as it was is no change, and a version that was deleted is published again.
  const isUnchanged =
    isDeepStrictEqual(publication.settings, latest.settings) && isDeepStrictEqual(publication.code, latest.code);
  return isUnchanged ? published.get(String(publication.number)) : undefined;
}
