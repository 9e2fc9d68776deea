import type { CreateLogGroupRequest } from "@aws-sdk/client-cloudwatch-logs";
import { logsError } from "../logs-error.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import type { LogStore } from "../state/log-store.ts";

export function createLogGroup(store: LogStore, input: CreateLogGroupRequest, call: CallContext): void {
  const name = required(input.logGroupName, "logGroupName");
  if (store.group(call.region, name) !== undefined)
    throw logsError("ResourceAlreadyExistsException", "The specified log group already exists");
  store.createGroup(call.region, name);
}
