import type {
  PutProvisionedConcurrencyConfigRequest,
  PutProvisionedConcurrencyConfigResponse,
} from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import {
  describeRequested,
  provisionedOwner,
  provisionVersions,
  refuseConflicts,
  refuseTooMany,
} from "../provisioned-rules.ts";

/** The environments start at once; those of a version that failed at it are tried again. */
export function putProvisionedConcurrencyConfig(
  parts: LambdaParts,
  input: PutProvisionedConcurrencyConfigRequest,
  call: CallContext,
): PutProvisionedConcurrencyConfigResponse {
  const { ports, provisioned } = parts;
  const owner = provisionedOwner(
    parts,
    call.region,
    required(input.FunctionName, "FunctionName"),
    required(input.Qualifier, "Qualifier"),
    // AWS: recorded on AWS.
    "Provisioned Concurrency Configs cannot be applied to unpublished function versions.",
  );
  const requested = required(input.ProvisionedConcurrentExecutions, "ProvisionedConcurrentExecutions");
  refuseConflicts(provisioned, owner);
  refuseTooMany(parts, owner, requested);
  const { fn, qualifier } = owner;
  const config = { requested, lastModified: ports.clock.now() };
  provisioned.set(fn, qualifier, config);
  provisionVersions(parts, fn);
  return describeRequested(config);
}
