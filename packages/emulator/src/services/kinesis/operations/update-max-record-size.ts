import type { UpdateMaxRecordSizeInput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../errors.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { activeStreamOf } from "../stream-address.ts";

export function updateMaxRecordSize(state: KinesisState, input: UpdateMaxRecordSizeInput, call: CallContext): void {
  const size = required(input.MaxRecordSizeInKiB, "maxRecordSizeInKiB");
  const stream = activeStreamOf(state, { StreamARN: required(input.StreamARN, "streamARN") }, call);
  state.update(stream, { kind: "maxRecordSize", kib: size });
}
