import type { DeleteResourcePolicyInput } from "@aws-sdk/client-kinesis";
import { policyNotFound, required } from "../errors.ts";
import { resourceOf } from "../resource.ts";
import type { KinesisState } from "../state/kinesis-state.ts";

export function deleteResourcePolicy(state: KinesisState, input: DeleteResourcePolicyInput): void {
  const arn = required(input.ResourceARN, "resourceARN");
  const { stream, target } = resourceOf(state, arn);
  if (target.policy === undefined) throw policyNotFound(arn);
  target.policy = undefined;
  state.keep(stream);
}
