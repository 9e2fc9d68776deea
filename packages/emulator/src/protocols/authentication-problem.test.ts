import { expect, test } from "vitest";
import { authenticationProblem } from "./authentication-problem.ts";

const complete =
  "AWS4-HMAC-SHA256 Credential=a/20300102/eu-west-1/kinesis/aws4_request, SignedHeaders=host, Signature=0";
const date = { "x-amz-date": "20300102T030405Z" };
const requires = (name: string) => `Authorization header requires '${name}' parameter. `;
const includes = (name: string) => `AWS query-string parameters must include '${name}'. `;
const noDate = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";

test.each([
  [{ authorization: complete, ...date }, ""],
  [{ authorization: complete.replaceAll(", ", ","), date: "now" }, ""],
  [{ authorization: complete.replaceAll(", ", " "), ...date }, ""],
  [{ authorization: complete, ...date }, "list-type=2"],
  [{}, "X-Amz-Algorithm=a&X-Amz-Credential=a&X-Amz-Signature=a&X-Amz-SignedHeaders=a&X-Amz-Date=a"],
])("%j %s is complete", (headers, query) => {
  expect(authenticationProblem({ headers, query })).toBeUndefined();
});

test.each<[headers: Record<string, string>, query: string, code: string, message: string]>([
  [
    { authorization: complete, ...date },
    "X-Amz-Algorithm=a",
    "InvalidSignatureException",
    "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
  ],
  [{}, "", "MissingAuthenticationTokenException", "Missing Authentication Token"],
  [{}, "X-Amz-Credential=a", "MissingAuthenticationTokenException", "Missing Authentication Token"],
  [
    { authorization: "AWS4-" },
    "",
    "IncompleteSignatureException",
    `${requires("Credential")}${requires("Signature")}${requires("SignedHeaders")}${noDate}Authorization=AWS4-`,
  ],
  [
    { authorization: "AWS4- Signature=b Credential=a", ...date },
    "",
    "IncompleteSignatureException",
    `${requires("SignedHeaders")}Authorization=AWS4- Signature=b Credential=a`,
  ],
  [
    { authorization: "AWS4- Signature=,Credential=a,SignedHeaders=c" },
    "",
    "IncompleteSignatureException",
    `${requires("Signature")}${noDate}Authorization=AWS4- Signature=,Credential=a,SignedHeaders=c`,
  ],
  [
    {},
    "X-Amz-Algorithm=a&X-Amz-Signature=b",
    "IncompleteSignatureException",
    `${includes("X-Amz-Credential")}${includes("X-Amz-SignedHeaders")}${includes("X-Amz-Date")}` +
      "Re-examine the query-string parameters.",
  ],
])("%j %s is refused", (headers, query, code, message) => {
  expect(authenticationProblem({ headers, query })).toMatchObject({ code, message, statusCode: 400 });
});
