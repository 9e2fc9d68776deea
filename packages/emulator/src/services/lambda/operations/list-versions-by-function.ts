import type { ListVersionsByFunctionRequest, ListVersionsByFunctionResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { describeForList } from "../describe-function.ts";
import { functionOfLatest } from "../function-address.ts";
import { allVersions } from "../function-versions.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { pageOf, versionKey } from "../page.ts";

export function listVersionsByFunction(
  { functions }: LambdaParts,
  input: ListVersionsByFunctionRequest,
  call: CallContext,
): ListVersionsByFunctionResponse {
  const fn = functionOfLatest(functions, call.region, required(input.FunctionName, "FunctionName"));
  const { items, nextMarker } = pageOf(allVersions(fn), ({ version }) => versionKey(version), input);
  return {
    // AWS: qualified ARNs, also that of $LATEST, which comes first (recorded on AWS).
    Versions: items.map((version) => describeForList(fn, version, version.version)),
    NextMarker: nextMarker,
  };
}
