import type { TimelineEvent } from "@localemu/control";
import type { Activity } from "../../activity.ts";
import type { Clock } from "../../core/clock.ts";
import type { HostTime } from "../../core/host-time.ts";
import type { Ids } from "../../core/ids.ts";

/** What DynamoDB needs from the world that it lives in. */
export interface DynamoDbPorts {
  readonly clock: Clock;
  readonly host: HostTime;
  readonly ids: Ids;
  readonly activity: Pick<Activity, "begin">;
  readonly record: (event: TimelineEvent) => void;
  readonly reportInternalError: (where: string, error: unknown) => void;
}
