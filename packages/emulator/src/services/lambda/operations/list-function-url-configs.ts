import type { ListFunctionUrlConfigsRequest, ListFunctionUrlConfigsResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { describeWhole } from "../function-url/describe-url.ts";
import { urlOwner } from "../function-url/url-address.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { pageOf } from "../page.ts";
import type { FunctionUrl } from "../state/function-urls.ts";

/** All URLs of a function: its own and those of its aliases. */
export function listFunctionUrlConfigs(
  parts: LambdaParts,
  input: ListFunctionUrlConfigsRequest,
  call: CallContext,
): ListFunctionUrlConfigsResponse {
  const { fn } = urlOwner(parts, call.region, { FunctionName: required(input.FunctionName, "FunctionName") });
  // Assumed: the order, the function's own first.
  const keyOf = ({ qualifier }: FunctionUrl): string => (qualifier === undefined ? "0" : `1${qualifier}`);
  const urls = parts.urls.list(fn).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const { items, nextMarker } = pageOf(urls, keyOf, input);
  return { FunctionUrlConfigs: items.map((url) => describeWhole(url, call.origin)), NextMarker: nextMarker };
}
