import type { LogGroup } from "./log-store.ts";
import type { LogStream, StoredLogEvent } from "./log-stream.ts";

/** A log group as it is kept. */
export type LogGroupDocument = {
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly creationTime: number;
};

/** By `groupKey`; they go with their group. */
export const groupSettingsKept = "logs.groupSettings";

/** What is set of a log group, as it is kept. */
export type GroupSettingsDocument = {
  readonly region: string;
  readonly name: string;
  readonly retentionInDays?: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
};

/** No name of a group or a stream has a colon. */
export function groupKey(region: string, name: string): string {
  return `${region}:${name}`;
}

/** A log stream as it is kept, without its events. */
export type LogStreamDocument = {
  readonly region: string;
  readonly group: string;
  readonly name: string;
  readonly creationTime: number;
};

/** An event as it is kept, under its id. */
export type LogEventDocument = {
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
};

export function groupDocument(region: string, { name, arn, creationTime }: LogGroup): LogGroupDocument {
  return { region, name, arn, creationTime };
}

export function streamDocument(region: string, group: string, stream: LogStream): LogStreamDocument {
  return { region, group, name: stream.name, creationTime: stream.creationTime };
}

export function eventDocument({ timestamp, ingestionTime, message }: StoredLogEvent): LogEventDocument {
  return { timestamp, ingestionTime, message };
}

export function eventOf(key: string, { timestamp, ingestionTime, message }: LogEventDocument): StoredLogEvent {
  return { id: Number(key), timestamp, ingestionTime, message };
}
