import type { ListAliasesRequest, ListAliasesResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { describeAlias } from "../alias-rules.ts";
import { existingFunction } from "../function-address.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { pageOf } from "../page.ts";

export function listAliases(
  { functions }: LambdaParts,
  input: ListAliasesRequest,
  call: CallContext,
): ListAliasesResponse {
  const { fn } = existingFunction(functions, call.region, required(input.FunctionName, "FunctionName"));
  const { FunctionVersion } = input;
  // Assumed: a version counts as an alias's own, not as its additional one; and the order.
  const aliases = [...fn.aliases.values()]
    .filter(({ version }) => FunctionVersion === undefined || version === FunctionVersion)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const { items, nextMarker } = pageOf(aliases, ({ name }) => name, input);
  return { Aliases: items.map((alias) => describeAlias(fn, alias)), NextMarker: nextMarker };
}
