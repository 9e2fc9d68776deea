import type { ListFunctionsRequest, ListFunctionsResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { describeForList } from "../describe-function.ts";
import type { LambdaParts } from "../lambda-parts.ts";

// AWS: the most that one page has, whatever MaxItems says (AWS docs, ListFunctions).
const maxPage = 50;

export function listFunctions(
  { functions }: LambdaParts,
  input: ListFunctionsRequest,
  call: CallContext,
): ListFunctionsResponse {
  const after = input.Marker === undefined ? "" : Buffer.from(input.Marker, "base64url").toString();
  const rest = functions.list(call.region).filter(({ name }) => name > after);
  const page = rest.slice(0, Math.min(input.MaxItems ?? maxPage, maxPage));
  const last = page.at(-1);
  return {
    // AWS: the ARNs of a list over all versions are qualified (recorded on AWS).
    Functions: page.map((fn) => describeForList(fn, { qualified: input.FunctionVersion === "ALL" })),
    NextMarker:
      last === undefined || page.length === rest.length ? undefined : Buffer.from(last.name).toString("base64url"),
  };
}
