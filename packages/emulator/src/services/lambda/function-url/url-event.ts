import { accountId, partitionOf } from "../../../core/arns.ts";
import type { FunctionUrl } from "../state/function-urls.ts";
import type { UrlCall, UrlRequest } from "./url-messages.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The event that a function gets for a request to its URL: payload format 2.0 (AWS docs; recorded on AWS). `now`: world time. */
export function urlEvent(url: FunctionUrl, request: UrlRequest, call: UrlCall, now: number): object {
  const { method, path, query, headers, protocol, sourceIp } = request;
  const { fn, id } = url;
  const cookies = headers.get("cookie");
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: query,
    ...(cookies === undefined ? {} : { cookies: cookies.split(/; ?/) }),
    // Assumed: cookies are in their own list alone.
    headers: Object.fromEntries([...headers].filter(([name]) => name !== "cookie")),
    ...queryParameters(query),
    requestContext: {
      accountId: url.authType === "NONE" ? "anonymous" : accountId,
      apiId: id,
      ...authorizer(url, call),
      domainName: `${id}.lambda-url.${fn.region}.localhost`,
      domainPrefix: id,
      http: { method, path, protocol, sourceIp, userAgent: headers.get("user-agent") ?? null },
      requestId: call.requestId,
      routeKey: "$default",
      stage: "$default",
      time: formatTime(new Date(now)),
      timeEpoch: now,
    },
    ...bodyMembers(request),
  };
}

/** AWS: several of one name are joined by commas, and there is no such member without a query (recorded on AWS). */
function queryParameters(query: string): object {
  if (query === "") return {};
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return { queryStringParameters: Object.fromEntries(joined) };
}

// AWS docs: who signed. Signatures are not verified here; an unsigned request is the account's own.
function authorizer({ authType, fn }: FunctionUrl, { accessKeyId }: UrlCall): object {
  if (authType === "NONE") return {};
  const iam = {
    accessKey: accessKeyId ?? "",
    accountId,
    callerId: accountId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: `arn:${partitionOf(fn.region)}:iam::${accountId}:root`,
    userId: accountId,
  };
  return { authorizer: { iam } };
}

/** AWS: texts are as they are, everything else in base64, forms too; an empty body is left out (recorded on AWS). */
function bodyMembers({ body, headers }: UrlRequest): object {
  if (body === undefined || body.length === 0) return { isBase64Encoded: false };
  const isText = isTextType(headers.get("content-type") ?? "");
  return { body: body.toString(isText ? "utf8" : "base64"), isBase64Encoded: !isText };
}

function isTextType(contentType: string): boolean {
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return /^(text\/.*|application\/(json|xml|javascript)|[^/]*\/.*\+(json|xml))$/.test(type);
}

/** `31/Jan/2026:10:20:30 +0000`. */
function formatTime(time: Date): string {
  const iso = time.toISOString();
  return `${iso.slice(8, 10)}/${months[time.getUTCMonth()] ?? ""}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
