import type { FunctionUrlConfig } from "@aws-sdk/client-lambda";
import type { FunctionUrl } from "../state/function-urls.ts";

/** Where the URLs of functions are, under the origin of whoever calls: a path needs no name that resolves. */
const urlPath = "/_localemu/url/";

/** A URL as all answers show it. */
export function describeUrl(url: FunctionUrl, origin: string): Omit<FunctionUrlConfig, "LastModifiedTime"> {
  return {
    FunctionUrl: `${origin}${urlPath}${url.id}/`,
    FunctionArn: url.qualifier === undefined ? url.fn.arn : `${url.fn.arn}:${url.qualifier}`,
    AuthType: url.authType,
    Cors: url.cors,
    CreationTime: new Date(url.createdAt).toISOString(),
    InvokeMode: url.invokeMode,
  };
}

/** With the time of the last change, which the answer to its creation has not. */
export function describeWhole(url: FunctionUrl, origin: string): FunctionUrlConfig {
  return { ...describeUrl(url, origin), LastModifiedTime: new Date(url.modifiedAt).toISOString() };
}
