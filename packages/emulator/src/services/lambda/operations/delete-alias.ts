import type { DeleteAliasRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingFunction } from "../function-address.ts";
import { forgetQualifier } from "../forget-qualifier.ts";
import type { LambdaParts } from "../lambda-parts.ts";

/** Assumed: deleting an alias that does not exist changes nothing and is no error, as it is with a version. */
export function deleteAlias(parts: LambdaParts, input: DeleteAliasRequest, call: CallContext): void {
  const name = required(input.Name, "Name");
  const { fn } = existingFunction(parts.functions, call.region, required(input.FunctionName, "FunctionName"));
  fn.aliases.delete(name);
  forgetQualifier(parts, fn, name);
  parts.functions.keep(fn);
}
