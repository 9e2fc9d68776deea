import type {
  LogGroup as LogGroupAnswer,
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
} from "@aws-sdk/client-cloudwatch-logs";
import { logsError } from "../logs-error.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { pageOf } from "../page-of.ts";
import type { LogParts } from "../log-tags.ts";
import type { GroupSettings } from "../state/group-settings.ts";
import type { LogGroup } from "../state/log-store.ts";

export function describeLogGroups(
  { store, settings }: LogParts,
  input: DescribeLogGroupsRequest,
  call: CallContext,
): DescribeLogGroupsResponse {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, logGroupIdentifiers: identifiers } = input;
  // AWS: the two are mutually exclusive (AWS docs, DescribeLogGroups). Assumed: the text.
  if (prefix !== undefined && pattern !== undefined)
    throw logsError(
      "InvalidParameterException",
      "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
    );
  const wanted = store.groups(call.region).filter(
    ({ name, arn }) =>
      (prefix === undefined || name.startsWith(prefix)) &&
      // AWS: the pattern is a case-insensitive substring (AWS docs, DescribeLogGroups).
      (pattern === undefined || name.toLowerCase().includes(pattern.toLowerCase())) &&
      (identifiers === undefined || identifiers.includes(name) || identifiers.includes(arn)),
  );
  const { page, nextToken } = pageOf(wanted, ({ name }) => ({ time: 0, name }), input);
  return { logGroups: page.map((group) => describe(group, settings.get(group))), nextToken };
}

function describe(group: LogGroup, { retentionInDays }: GroupSettings): LogGroupAnswer {
  let storedBytes = 0;
  for (const stream of group.streams.values()) storedBytes += stream.storedBytes;
  return {
    logGroupName: group.name,
    creationTime: group.creationTime,
    // AWS: absent where events never expire (AWS docs).
    retentionInDays,
    metricFilterCount: 0,
    arn: `${group.arn}:*`,
    storedBytes,
    logGroupClass: "STANDARD",
    logGroupArn: group.arn,
  };
}
