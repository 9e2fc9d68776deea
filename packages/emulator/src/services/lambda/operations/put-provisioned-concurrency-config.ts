import type {
  PutProvisionedConcurrencyConfigRequest,
  PutProvisionedConcurrencyConfigResponse,
} from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { describeProvisioned, provisionedOwner, refuseConflicts, refuseTooMany } from "../provisioned-rules.ts";

/** Kept and told, ready in the next turn of the event loop: environments start when they are needed. */
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
  const config = { requested, ready: false, lastModified: ports.clock.now() };
  provisioned.set(fn, qualifier, config);
  const token = ports.activity.begin(`provisioned concurrency of ${fn.name}`);
  ports.host.setImmediate(() => {
    if (provisioned.get(fn, qualifier) === config) provisioned.set(fn, qualifier, { ...config, ready: true });
    token.release();
  });
  return describeProvisioned(config);
}
