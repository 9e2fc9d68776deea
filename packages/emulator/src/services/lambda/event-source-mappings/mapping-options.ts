import type { MappingEvent } from "@localemu/control";
import type { Activity } from "../../../activity.ts";
import type { Clock } from "../../../core/clock.ts";
import type { HostTime } from "../../../core/host-time.ts";
import type { Ids } from "../../../core/ids.ts";
import type { Mapping } from "./mapping.ts";
import type { MappingPorts } from "./ports.ts";
import type { Backoff } from "./settings.ts";

/** What mappings work with, whatever their source. */
export interface MappingOptions {
  readonly ports: MappingPorts;
  readonly clock: Clock;
  readonly host: HostTime;
  readonly ids: Ids;
  readonly activity: Pick<Activity, "begin">;
  readonly backoff: Backoff;
  /** Has a changed mapping outlive the emulator. */
  readonly keep: (mapping: Mapping) => void;
  readonly record: (event: MappingEvent) => void;
  readonly reportInternalError: (where: string, error: unknown) => void;
}
