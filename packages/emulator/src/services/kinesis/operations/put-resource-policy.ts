import type { PutResourcePolicyInput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { consumerNotActive, invalidArgument, required } from "../errors.ts";
import { resourceOf } from "../resource.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { assertActive } from "../stream-address.ts";

/** The policy is kept and told; whether it decides who may read and write is an option of the emulator. */
export function putResourcePolicy(state: KinesisState, input: PutResourcePolicyInput, call: CallContext): void {
  const policy = required(input.Policy, "policy");
  const resource = resourceOf(state, required(input.ResourceARN, "resourceARN"));
  // Assumed: the text; what stands in the policy is not looked at.
  if (!isJsonObject(policy)) throw invalidArgument("The provided policy is not valid JSON.");
  if (resource.kind === "stream") assertActive(resource.stream, call.accountId);
  else if (resource.target.status !== "ACTIVE")
    throw consumerNotActive(resource.target, resource.stream.name, call.accountId);
  resource.target.policy = policy;
  state.keep(resource.stream);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
