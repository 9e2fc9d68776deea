import type { ListFunctionsRequest, ListFunctionsResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { describeForList } from "../describe-function.ts";
import { allVersions } from "../function-versions.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { pageOf, versionKey } from "../page.ts";

export function listFunctions(
  { functions }: LambdaParts,
  input: ListFunctionsRequest,
  call: CallContext,
): ListFunctionsResponse {
  const all = functions.list(call.region);
  if (input.FunctionVersion !== "ALL") {
    const { items, nextMarker } = pageOf(all, ({ name }) => name, input);
    return { Functions: items.map((fn) => describeForList(fn, fn.latest)), NextMarker: nextMarker };
  }
  const versions = all.flatMap((fn) => allVersions(fn).map((version) => ({ fn, version })));
  const { items, nextMarker } = pageOf(
    versions,
    // No name has a blank.
    ({ fn, version }) => `${fn.name} ${versionKey(version.version)}`,
    input,
  );
  return {
    // AWS: the ARNs of a list over all versions are qualified (recorded on AWS).
    Functions: items.map(({ fn, version }) => describeForList(fn, version, version.version)),
    NextMarker: nextMarker,
  };
}
