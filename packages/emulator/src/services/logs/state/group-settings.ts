import type { LogGroup } from "./log-store.ts";

/** What is set of a log group. Replaced as a whole, never changed in place. */
export interface GroupSettings {
  /** Undefined where its events never expire. */
  readonly retentionInDays: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

const nothing: GroupSettings = { retentionInDays: undefined, tags: {} };

/** The settings of one world's log groups. They go with their group. */
export class LogGroupSettings {
  readonly #byGroup = new WeakMap<LogGroup, GroupSettings>();

  get(group: LogGroup): GroupSettings {
    return this.#byGroup.get(group) ?? nothing;
  }

  change(group: LogGroup, change: Partial<GroupSettings>): void {
    this.#byGroup.set(group, { ...this.get(group), ...change });
  }
}
