import type { CreateLogGroupRequest } from "@aws-sdk/client-cloudwatch-logs";
import { logsError } from "../logs-error.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { addTags } from "../log-tags.ts";
import type { LogParts } from "../log-tags.ts";

export function createLogGroup(parts: LogParts, input: CreateLogGroupRequest, call: CallContext): void {
  const { store } = parts;
  const name = required(input.logGroupName, "logGroupName");
  if (store.group(call.region, name) !== undefined)
    throw logsError("ResourceAlreadyExistsException", "The specified log group already exists");
  addTags(parts, store.createGroup(call.region, name), input.tags ?? {});
}
