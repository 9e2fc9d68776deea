import type { UpdateRuntimeOn } from "@aws-sdk/client-lambda";

/** When a version's runtime is to be updated, which here never happens. */
export interface RuntimeManagement {
  readonly updateOn: UpdateRuntimeOn;
  /** ARN of the runtime's version, with `Manual`. */
  readonly versionArn: string | undefined;
}
