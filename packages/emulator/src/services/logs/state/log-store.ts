import { accountId, partitionOf } from "../../../core/arns.ts";
import type { Clock } from "../../../core/clock.ts";
import { LogStream } from "./log-stream.ts";

export interface LogGroup {
  readonly name: string;
  /** Without the `:*` that some answers append. */
  readonly arn: string;
  readonly creationTime: number;
  readonly streams: Map<string, LogStream>;
}

/** The log groups of one world, by region. */
export class LogStore {
  readonly #clock: Clock;
  readonly #regions = new Map<string, Map<string, LogGroup>>();
  #lastEventId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  groups(region: string): LogGroup[] {
    return [...(this.#regions.get(region)?.values() ?? [])].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  group(region: string, name: string): LogGroup | undefined {
    return this.#regions.get(region)?.get(name);
  }

  createGroup(region: string, name: string): LogGroup {
    const group: LogGroup = {
      name,
      arn: `arn:${partitionOf(region)}:logs:${region}:${accountId}:log-group:${name}`,
      creationTime: this.#clock.now(),
      streams: new Map(),
    };
    let groups = this.#regions.get(region);
    if (groups === undefined) this.#regions.set(region, (groups = new Map()));
    groups.set(name, group);
    return group;
  }

  deleteGroup(region: string, name: string): void {
    this.#regions.get(region)?.delete(name);
  }

  createStream(group: LogGroup, name: string): LogStream {
    const stream = new LogStream(name, this.#clock.now());
    group.streams.set(name, stream);
    return stream;
  }

  append(stream: LogStream, timestamp: number, message: string): void {
    stream.append({ id: ++this.#lastEventId, timestamp, ingestionTime: this.#clock.now(), message });
  }

  /** Stores a line that a service wrote; group and stream come to be with their first line. */
  write(region: string, groupName: string, streamName: string, timestamp: number, message: string): void {
    const group = this.group(region, groupName) ?? this.createGroup(region, groupName);
    const stream = group.streams.get(streamName) ?? this.createStream(group, streamName);
    this.append(stream, timestamp, message);
  }
}
