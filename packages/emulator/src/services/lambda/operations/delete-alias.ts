import type { DeleteAliasRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingFunction } from "../function-address.ts";
import type { LambdaParts } from "../lambda-parts.ts";

/** Assumed: deleting an alias that does not exist changes nothing and is no error, as it is with a version. */
export function deleteAlias({ functions }: LambdaParts, input: DeleteAliasRequest, call: CallContext): void {
  const name = required(input.Name, "Name");
  const { fn } = existingFunction(functions, call.region, required(input.FunctionName, "FunctionName"));
  fn.aliases.delete(name);
}
