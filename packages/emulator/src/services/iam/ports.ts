import type { Clock } from "../../core/clock.ts";
import type { Ids } from "../../core/ids.ts";
import type { DocumentStore } from "../../storage/document-store.ts";

/** What IAM needs of its world. */
export interface IamPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  /** What outlives the emulator. */
  readonly documents: DocumentStore;
}
