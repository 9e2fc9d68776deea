import type { TimelineEvent } from "@localemu/control";
import type { Activity } from "../../activity.ts";
import type { Clock } from "../../core/clock.ts";
import type { HostTime } from "../../core/host-time.ts";
import type { Ids } from "../../core/ids.ts";
import type { DocumentStore } from "../../storage/document-store.ts";
import type { OpenLog } from "../../storage/log-store.ts";

/** What DynamoDB needs from the world that it lives in. */
export interface DynamoDbPorts {
  readonly clock: Clock;
  readonly host: HostTime;
  readonly ids: Ids;
  readonly activity: Pick<Activity, "begin">;
  /** What outlives the emulator. */
  readonly documents: DocumentStore;
  /** Finds or makes the log of a stream; undefined for new ones in memory. */
  readonly openLog?: OpenLog | undefined;
  readonly record: (event: TimelineEvent) => void;
  readonly reportInternalError: (where: string, error: unknown) => void;
}
