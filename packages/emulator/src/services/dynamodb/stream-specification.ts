import type { JsonObject } from "./attribute-value.ts";
import { invalid } from "./errors.ts";
import type { KeyElement } from "./state/table-stream.ts";
import { viewTypes } from "./stream-record.ts";
import type { ViewType } from "./stream-record.ts";

/** What a request wants of a table's stream; undefined where it says nothing of it. Throws AwsError. */
export function requestedView(specification: unknown): ViewType | "off" | undefined {
  if (specification === undefined || specification === null) return undefined;
  if (typeof specification !== "object") throw invalid("StreamSpecification must be an object");
  const { StreamEnabled: enabled, StreamViewType: given }: JsonObject = { ...specification };
  // Assumed: the texts of all but the constraint.
  if (typeof enabled !== "boolean")
    throw invalid("StreamSpecification must say whether StreamEnabled is true or false");
  if (!enabled) {
    if (given === undefined) return "off";
    throw invalid(
      "One or more parameter values were invalid: StreamViewType cannot be specified when StreamEnabled is false",
    );
  }
  if (given === undefined) {
    throw invalid(
      "One or more parameter values were invalid: StreamViewType must be specified when StreamEnabled is true",
    );
  }
  const viewType = viewTypes.find((candidate) => candidate === given);
  if (viewType !== undefined) return viewType;
  throw invalid(
    `1 validation error detected: Value '${typeof given === "string" ? given : JSON.stringify(given)}' at 'streamSpecification.streamViewType' failed to satisfy constraint: ` +
      "Member must satisfy enum value set: [NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES, KEYS_ONLY]",
  );
}

/** The `KeySchema` of a table's description. */
export function keySchemaOf({ KeySchema: schema }: JsonObject): readonly KeyElement[] {
  return Array.isArray(schema) ? schema : [];
}
