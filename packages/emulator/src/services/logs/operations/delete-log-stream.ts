import type { DeleteLogStreamRequest } from "@aws-sdk/client-cloudwatch-logs";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingGroup, existingStream } from "../log-groups.ts";
import type { LogStore } from "../state/log-store.ts";

export function deleteLogStream(store: LogStore, input: DeleteLogStreamRequest, call: CallContext): void {
  const group = existingGroup(store, call.region, required(input.logGroupName, "logGroupName"));
  const stream = existingStream(group, required(input.logStreamName, "logStreamName"));
  store.deleteStream(group, stream);
}
