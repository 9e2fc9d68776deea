import { AwsError } from "./errors.ts";
import type { HttpRequest } from "./http-messages.ts";

/** What must have a value in the header. Commas, spaces, or both stand between parameters. */
const headerParameters = [
  ["Credential", /[,\s]Credential=[^,\s]/u],
  ["Signature", /[,\s]Signature=[^,\s]/u],
  ["SignedHeaders", /[,\s]SignedHeaders=[^,\s]/u],
] as const;
const queryParameters = [
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Signature",
  "X-Amz-SignedHeaders",
  "X-Amz-Date",
] as const;

/**
 * What AWS refuses in a request's signature before it looks at the request; undefined when the signature has all its
 * parts. Whether it is right is not checked. AWS: order and texts as kinesalite's suite recorded them.
 */
export function authenticationProblem(request: Pick<HttpRequest, "headers" | "query">): AwsError | undefined {
  const { authorization } = request.headers;
  const query = request.query.includes("X-Amz-") ? new URLSearchParams(request.query) : undefined;
  const inQuery = query?.has("X-Amz-Algorithm") === true;
  if (authorization !== undefined && inQuery) {
    return refusal(
      "InvalidSignatureException",
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  }
  if (authorization !== undefined) return headerProblem(authorization, request.headers);
  if (query === undefined || !inQuery) {
    return refusal("MissingAuthenticationTokenException", "Missing Authentication Token");
  }
  const missing = queryParameters
    .filter((name) => !query.get(name))
    .map((name) => `AWS query-string parameters must include '${name}'. `);
  return missing.length === 0
    ? undefined
    : refusal("IncompleteSignatureException", `${missing.join("")}Re-examine the query-string parameters.`);
}

function headerProblem(authorization: string, headers: HttpRequest["headers"]): AwsError | undefined {
  const missing: string[] = [];
  for (const [name, given] of headerParameters) {
    if (!given.test(authorization)) missing.push(`Authorization header requires '${name}' parameter. `);
  }
  if (!headers["x-amz-date"] && !headers["date"]) {
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
  }
  return missing.length === 0
    ? undefined
    : refusal("IncompleteSignatureException", `${missing.join("")}Authorization=${authorization}`);
}

function refusal(code: string, message: string): AwsError {
  return new AwsError(code, message, { statusCode: 400 });
}
