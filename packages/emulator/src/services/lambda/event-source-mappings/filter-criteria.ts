import type { FilterCriteria } from "@aws-sdk/client-lambda";
import { AwsError } from "../../../protocols/errors.ts";
import type { Alternative } from "./filter/alternatives.ts";
import { compileFilter } from "./filter/compile-filter.ts";
import { eventMatcher } from "./filter/event-matcher.ts";
import { FilterPatternError } from "./filter/filter-pattern-error.ts";
import type { RecordView } from "./filter/record-view.ts";

/** What a mapping keeps of its filters; absent where there are none. */
export interface MappingFilters {
  readonly Filters: { readonly Pattern: string }[];
}

/** Tells whether a record goes to the function. */
export type RecordFilter<R> = (record: R) => boolean;

// AWS: five, unless the account's quota is raised (AWS docs).
const mostFilters = 5;

/** The filters that a request sets, or undefined where it removes them. Throws AwsError. */
export function mappingFiltersOf<R>(criteria: FilterCriteria, view: RecordView<R>): MappingFilters | undefined {
  const filters = criteria.Filters ?? [];
  if (filters.length === 0) return undefined;
  // Assumed: the text.
  if (filters.length > mostFilters) throw invalid(`Maximum number of filters is ${mostFilters}.`);
  const kept = { Filters: filters.map(({ Pattern = "" }) => ({ Pattern })) };
  try {
    recordFilter(kept, view);
  } catch (error) {
    if (!(error instanceof FilterPatternError)) throw error;
    // AWS: the text says nothing of the reason (recorded on AWS), which the timeline does.
    throw invalid("Invalid filter pattern definition.", error);
  }
  return kept;
}

/**
 * A record goes to the function if it matches any of the filters. Throws FilterPatternError.
 *
 * AWS: a filter that looks into the content as JSON drops what is no JSON, one that compares it as text drops what is,
 * and one that does neither looks at the metadata alone (AWS docs).
 */
export function recordFilter<R>({ Filters }: MappingFilters, view: RecordView<R>): RecordFilter<R> {
  const alternatives = Filters.flatMap(({ Pattern }) => compileFilter(Pattern).alternatives);
  if (!view.comparesText && alternatives.some((alternative) => comparesText(alternative, view.contentKey))) {
    // Assumed: it is refused like other invalid patterns. AWS docs: creating or updating the mapping fails.
    throw new FilterPatternError(`"${view.contentKey}" must be an object`);
  }
  const { contentKey } = view;
  const forJson = alternatives.filter((alternative) => !comparesText(alternative, contentKey));
  const forText = alternatives.filter((alternative) => !looksIntoJson(alternative, contentKey));
  const matchesJson = eventMatcher(forJson);
  const matchesText = eventMatcher(forText);
  const looksAtMetadata = alternatives.some((alternative) =>
    [...alternative.keys()].some((path) => !isWithin(path, contentKey)),
  );
  return (record) => {
    const content = view.contentOf(record);
    if (content.kind === "text" && forText.length === 0) return false;
    const metadata = looksAtMetadata ? view.metadataOf(record) : {};
    return content.kind === "json"
      ? matchesJson({ ...metadata, [contentKey]: content.value })
      : matchesText({ ...metadata, [contentKey]: content.text });
  };
}

function comparesText(alternative: Alternative, contentKey: string): boolean {
  return alternative.has(contentKey);
}

function looksIntoJson(alternative: Alternative, contentKey: string): boolean {
  return [...alternative.keys()].some((path) => path.startsWith(`${contentKey}.`));
}

function isWithin(path: string, contentKey: string): boolean {
  return path === contentKey || path.startsWith(`${contentKey}.`);
}

function invalid(message: string, cause?: FilterPatternError): AwsError {
  const fields = { Type: "User" };
  return new AwsError("InvalidParameterValueException", message, cause === undefined ? { fields } : { fields, cause });
}
