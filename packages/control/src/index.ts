export type * from "./contract.ts";
export type * from "./timeline.ts";
export {
  type Abortable,
  ControlClient,
  type ControlClock,
  type ControlFaults,
  type InRegion,
  type JsonObject,
  type Lease,
  type Peek,
} from "./control-client.ts";
export { ControlError } from "./control-error.ts";
export { describeTimelineEvent } from "./describe-timeline-event.ts";
