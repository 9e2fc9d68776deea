import type { EmulatedService } from "./service-of.ts";

/** What is wrong with a signature. Times of requests are as they were sent; `now` and `skew` are milliseconds. */
export type SignatureProblem =
  | { readonly kind: "missing" | "mismatch" | "wrongBody" | "expiredToken" }
  | { readonly kind: "incomplete"; readonly text: string }
  | { readonly kind: "unknownKey"; readonly accessKeyId: string }
  | { readonly kind: "wrongService"; readonly expected: string }
  | { readonly kind: "wrongDate"; readonly scope: string; readonly time: string }
  | {
      readonly kind: "tooOld" | "tooNew" | "expired";
      readonly time: string;
      readonly now: number;
      readonly skew: number;
    };

export interface SignatureRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** AWS's error, in the words of the service's protocol. AWS: codes and texts (AWS docs; AWS users' reports). */
export function signatureRefusal(service: EmulatedService, problem: SignatureProblem): SignatureRefusal {
  if (service === "s3") return ofObjects(problem);
  const isQuery = service === "iam" || service === "sts" || service === "sns";
  // AWS: services that are called by a target's name answer 400.
  const status = isQuery || service === "lambda" ? 403 : 400;
  switch (problem.kind) {
    case "missing": {
      const code = isQuery ? "MissingAuthenticationToken" : "MissingAuthenticationTokenException";
      return { status, code, message: "Missing Authentication Token" };
    }
    case "incomplete": {
      const code = isQuery ? "IncompleteSignature" : "IncompleteSignatureException";
      return { status: 400, code, message: problem.text };
    }
    case "unknownKey": {
      const code = isQuery ? "InvalidClientTokenId" : "UnrecognizedClientException";
      return { status, code, message: "The security token included in the request is invalid." };
    }
    case "expiredToken": {
      const code = isQuery ? "ExpiredToken" : "ExpiredTokenException";
      return { status, code, message: "The security token included in the request is expired" };
    }
    default: {
      const code = isQuery ? "SignatureDoesNotMatch" : "InvalidSignatureException";
      return { status, code, message: textOf(problem) };
    }
  }
}

function textOf(problem: SignatureProblem): string {
  switch (problem.kind) {
    case "wrongService":
      return `Credential should be scoped to correct service: '${problem.expected}'. `;
    case "wrongDate": {
      const { scope, time } = problem;
      return `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope}' != '${time.slice(0, 8)}', from '${time}'.`;
    }
    case "tooOld":
    case "expired":
      return `Signature expired: ${problem.time} is now earlier than ${basic(problem.now - problem.skew)} (${basic(problem.now)} - 5 min.)`;
    case "tooNew":
      return `Signature not yet current: ${problem.time} is still later than ${basic(problem.now + problem.skew)} (${basic(problem.now)} + 5 min.)`;
    default:
      return "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
  }
}

/** AWS: codes (AWS docs, S3 error responses). Assumed: the texts of headers that are malformed. */
function ofObjects(problem: SignatureProblem): SignatureRefusal {
  const refused = (code: string, message: string, status = 403): SignatureRefusal => ({ status, code, message });
  switch (problem.kind) {
    case "missing":
      return refused("AccessDenied", "Access Denied");
    case "incomplete":
      return refused("AuthorizationHeaderMalformed", "The authorization header that you provided is not valid.", 400);
    case "unknownKey":
      return refused("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.");
    case "expiredToken":
      return refused("ExpiredToken", "The provided token has expired.", 400);
    case "wrongService": {
      const message = `The authorization header is malformed; incorrect service. This endpoint belongs to "${problem.expected}".`;
      return refused("AuthorizationHeaderMalformed", message, 400);
    }
    case "wrongDate": {
      const message = `The authorization header is malformed; Invalid credential date "${problem.scope}". This date is not the same as X-Amz-Date: "${problem.time.slice(0, 8)}".`;
      return refused("AuthorizationHeaderMalformed", message, 400);
    }
    case "expired":
      return refused("AccessDenied", "Request has expired");
    case "tooOld":
    case "tooNew":
      return refused(
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
      );
    case "wrongBody": {
      const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
      return refused("XAmzContentSHA256Mismatch", message, 400);
    }
    case "mismatch": {
      const message =
        "The request signature we calculated does not match the signature you provided. Check your key and signing method.";
      return refused("SignatureDoesNotMatch", message);
    }
  }
}

function basic(time: number): string {
  return new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}
