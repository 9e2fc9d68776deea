import type { CreateLogStreamRequest } from "@aws-sdk/client-cloudwatch-logs";
import { logsError } from "../logs-error.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingGroup } from "../log-groups.ts";
import type { LogStore } from "../state/log-store.ts";

export function createLogStream(store: LogStore, input: CreateLogStreamRequest, call: CallContext): void {
  const group = existingGroup(store, call.region, required(input.logGroupName, "logGroupName"));
  const name = required(input.logStreamName, "logStreamName");
  if (group.streams.has(name))
    throw logsError("ResourceAlreadyExistsException", "The specified log stream already exists");
  store.createStream(group, name);
}
