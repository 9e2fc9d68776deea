import type { GetResourcePolicyInput, GetResourcePolicyOutput } from "@aws-sdk/client-kinesis";
import { required } from "../errors.ts";
import { resourceOf } from "../resource.ts";
import type { KinesisState } from "../state/kinesis-state.ts";

export function getResourcePolicy(state: KinesisState, input: GetResourcePolicyInput): GetResourcePolicyOutput {
  const { target } = resourceOf(state, required(input.ResourceARN, "resourceARN"));
  // AWS: where there is none, an empty one is told (LocalStack's suite, recorded on AWS).
  return { Policy: target.policy ?? "{}" };
}
