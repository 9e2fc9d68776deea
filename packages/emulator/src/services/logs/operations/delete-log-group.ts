import type { DeleteLogGroupRequest } from "@aws-sdk/client-cloudwatch-logs";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingGroup } from "../log-groups.ts";
import type { LogStore } from "../state/log-store.ts";

export function deleteLogGroup(store: LogStore, input: DeleteLogGroupRequest, call: CallContext): void {
  const group = existingGroup(store, call.region, required(input.logGroupName, "logGroupName"));
  store.deleteGroup(call.region, group.name);
}
