import type { DecreaseStreamRetentionPeriodInput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { invalidArgument, required } from "../errors.ts";
import { assertRetentionPeriod } from "../retention-period.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { assertActive, streamOf } from "../stream-address.ts";

/** AWS: the period that there is already is accepted (kinesalite's suite). */
export function decreaseStreamRetentionPeriod(
  state: KinesisState,
  input: DecreaseStreamRetentionPeriodInput,
  call: CallContext,
): void {
  const hours = required(input.RetentionPeriodHours, "retentionPeriodHours");
  const stream = streamOf(state, input, call);
  assertRetentionPeriod(hours);
  if (hours > stream.retentionHours) {
    throw invalidArgument(
      `Requested retention period (${hours} hours) for stream ${stream.name} can not be longer than existing ` +
        `retention period (${stream.retentionHours} hours). Use IncreaseRetentionPeriod API.`,
    );
  }
  assertActive(stream, call.accountId);
  state.update(stream, { kind: "retention", hours });
}
