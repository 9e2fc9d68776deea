import type { DeleteProvisionedConcurrencyConfigRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { mustBePublished, provisionedOwner, provisionVersions } from "../provisioned-rules.ts";

/** Assumed: deleting what is not there changes nothing and is no error. */
export function deleteProvisionedConcurrencyConfig(
  parts: LambdaParts,
  input: DeleteProvisionedConcurrencyConfigRequest,
  call: CallContext,
): void {
  const address = required(input.FunctionName, "FunctionName");
  const wanted = required(input.Qualifier, "Qualifier");
  const { fn, qualifier } = provisionedOwner(parts, call.region, address, wanted, mustBePublished);
  parts.provisioned.delete(fn, qualifier);
  provisionVersions(parts, fn);
}
