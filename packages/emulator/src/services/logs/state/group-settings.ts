import type { DocumentStore } from "../../../storage/document-store.ts";
import { groupKey, groupSettingsKept } from "./log-documents.ts";
import type { GroupSettingsDocument } from "./log-documents.ts";
import type { LogGroup, LogStore } from "./log-store.ts";

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

  readonly #documents: DocumentStore;

  /** Begins with what an earlier emulator kept of these groups. */
  constructor(documents: DocumentStore, store: LogStore) {
    this.#documents = documents;
    for (const { value } of documents.read<GroupSettingsDocument>(groupSettingsKept)) {
      const { region, name, retentionInDays, tags } = value;
      const group = store.group(region, name);
      if (group !== undefined) this.#byGroup.set(group, { retentionInDays, tags });
    }
  }

  get(group: LogGroup): GroupSettings {
    return this.#byGroup.get(group) ?? nothing;
  }

  change(group: LogGroup, change: Partial<GroupSettings>): void {
    const settings = { ...this.get(group), ...change };
    this.#byGroup.set(group, settings);
    const { region, name } = group;
    const { retentionInDays, tags } = settings;
    const document: GroupSettingsDocument = { region, name, retentionInDays, tags };
    this.#documents.put(groupSettingsKept, groupKey(region, name), document);
  }
}
