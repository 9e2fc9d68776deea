import { accountId, partitionOf } from "../../../core/arns.ts";
import type { Clock } from "../../../core/clock.ts";
import type { DocumentStore } from "../../../storage/document-store.ts";
import { groupDocument, groupKey, groupSettingsKept, streamDocument } from "./log-documents.ts";
import type { LogGroupDocument, LogStreamDocument } from "./log-documents.ts";
import { LogStream } from "./log-stream.ts";

export interface LogGroup {
  readonly region: string;
  readonly name: string;
  /** Without the `:*` that some answers append. */
  readonly arn: string;
  readonly creationTime: number;
  readonly streams: Map<string, LogStream>;
}

const groupsKept = "logs.groups";
const streamsKept = "logs.streams";
/** Up to which number ids of events may have been given, so that none is given twice. */
const idsKept = "logs.ids";

type IdsDocument = { readonly last: number };

/** So many ids are taken at once: one document for all of them. */
const idsAtOnce = 10_000;

/** The log groups of one world, by region. */
export class LogStore {
  readonly #clock: Clock;
  readonly #documents: DocumentStore;
  readonly #regions = new Map<string, Map<string, LogGroup>>();
  #lastEventId: number;
  #lastTakenId: number;

  /** Begins with what an earlier emulator kept; events are read when they are first asked for. */
  constructor(clock: Clock, documents: DocumentStore) {
    this.#clock = clock;
    this.#documents = documents;
    this.#lastEventId = documents.read<IdsDocument>(idsKept)[0]?.value.last ?? 0;
    this.#lastTakenId = this.#lastEventId;
    for (const { value } of documents.read<LogGroupDocument>(groupsKept)) {
      const { region, name, arn, creationTime } = value;
      this.#addGroup({ region, name, arn, creationTime, streams: new Map() });
    }
    for (const { value } of documents.read<LogStreamDocument>(streamsKept)) {
      const { region, group, name, creationTime } = value;
      this.group(region, group)?.streams.set(name, this.#streamOf(region, group, name, creationTime, "kept"));
    }
  }

  groups(region: string): LogGroup[] {
    return [...(this.#regions.get(region)?.values() ?? [])].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  group(region: string, name: string): LogGroup | undefined {
    return this.#regions.get(region)?.get(name);
  }

  createGroup(region: string, name: string): LogGroup {
    const group: LogGroup = {
      region,
      name,
      arn: `arn:${partitionOf(region)}:logs:${region}:${accountId}:log-group:${name}`,
      creationTime: this.#clock.now(),
      streams: new Map(),
    };
    this.#addGroup(group);
    this.#documents.put(groupsKept, groupKey(region, name), groupDocument(region, group));
    return group;
  }

  deleteGroup(region: string, name: string): void {
    const group = this.group(region, name);
    if (group === undefined) return;
    for (const stream of group.streams.values()) this.deleteStream(group, stream);
    this.#regions.get(region)?.delete(name);
    this.#documents.delete(groupsKept, groupKey(region, name));
    this.#documents.delete(groupSettingsKept, groupKey(region, name));
  }

  createStream(group: LogGroup, name: string): LogStream {
    const stream = this.#streamOf(group.region, group.name, name, this.#clock.now(), "new");
    group.streams.set(name, stream);
    const key = `${group.region}:${group.name}:${name}`;
    this.#documents.put(streamsKept, key, streamDocument(group.region, group.name, stream));
    return stream;
  }

  deleteStream(group: LogGroup, stream: LogStream): void {
    group.streams.delete(stream.name);
    this.#documents.delete(streamsKept, `${group.region}:${group.name}:${stream.name}`);
    stream.forget();
  }

  append(stream: LogStream, timestamp: number, message: string): void {
    if (this.#lastEventId === this.#lastTakenId) {
      this.#lastTakenId += idsAtOnce;
      this.#documents.put(idsKept, "events", { last: this.#lastTakenId } satisfies IdsDocument);
    }
    stream.append({ id: ++this.#lastEventId, timestamp, ingestionTime: this.#clock.now(), message });
  }

  /** Stores a line that a service wrote; group and stream come to be with their first line. */
  write(region: string, groupName: string, streamName: string, timestamp: number, message: string): void {
    const group = this.group(region, groupName) ?? this.createGroup(region, groupName);
    const stream = group.streams.get(streamName) ?? this.createStream(group, streamName);
    this.append(stream, timestamp, message);
  }

  #addGroup(group: LogGroup): void {
    let groups = this.#regions.get(group.region);
    if (groups === undefined) this.#regions.set(group.region, (groups = new Map()));
    groups.set(group.name, group);
  }

  /** No name has a colon, so that the collection of a stream's events is its own. */
  #streamOf(region: string, group: string, name: string, creationTime: number, events: "new" | "kept"): LogStream {
    const collection = `logs.events:${region}:${group}:${name}`;
    return new LogStream(name, creationTime, { documents: this.#documents, collection, isRead: events === "new" });
  }
}
