import { parseArn } from "../../core/arns.ts";
import { logsError } from "./logs-error.ts";
import type { LogGroup, LogStore } from "./state/log-store.ts";
import type { LogStream } from "./state/log-stream.ts";

interface GroupReference {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

/** The group that a call means by name or by identifier (a name or an ARN). */
export function referencedGroup(store: LogStore, region: string, reference: GroupReference): LogGroup {
  const { logGroupName, logGroupIdentifier } = reference;
  // AWS: exactly one of the two must be given (AWS docs, FilterLogEvents). Assumed: the texts.
  if (logGroupName !== undefined && logGroupIdentifier !== undefined)
    throw logsError("InvalidParameterException", "LogGroup name and LogGroup ARN are mutually exclusive parameters.");
  const name = logGroupName ?? (logGroupIdentifier === undefined ? undefined : nameOf(logGroupIdentifier));
  if (name === undefined)
    throw logsError("InvalidParameterException", "Either logGroupName or logGroupIdentifier must be specified.");
  return existingGroup(store, region, name);
}

export function existingGroup(store: LogStore, region: string, name: string): LogGroup {
  const group = store.group(region, name);
  // AWS: the text (AWS SDK users' reports).
  if (group === undefined) throw logsError("ResourceNotFoundException", "The specified log group does not exist.");
  return group;
}

export function existingStream(group: LogGroup, name: string): LogStream {
  const stream = group.streams.get(name);
  // AWS: the text (AWS SDK users' reports).
  if (stream === undefined) throw logsError("ResourceNotFoundException", "The specified log stream does not exist.");
  return stream;
}

/** The group of an ARN in this region; undefined where there is none. */
export function groupOfArn(store: LogStore, region: string, arn: string): LogGroup | undefined {
  const isGroup = parseArn(arn)?.resource.startsWith("log-group:") === true;
  return isGroup ? store.group(region, nameOf(arn)) : undefined;
}

/** `log-group:<name>` and `log-group:<name>:*` are both ARNs of the same group. */
function nameOf(identifier: string): string {
  const resource = parseArn(identifier)?.resource;
  return resource === undefined ? identifier : resource.replace(/^log-group:/, "").replace(/:\*$/, "");
}
