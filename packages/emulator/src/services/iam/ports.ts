import type { Clock } from "../../core/clock.ts";
import type { Ids } from "../../core/ids.ts";

/** What IAM needs of its world. */
export interface IamPorts {
  readonly clock: Clock;
  readonly ids: Ids;
}
