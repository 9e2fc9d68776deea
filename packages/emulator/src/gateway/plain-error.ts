import type { HttpReply, HttpRequest } from "../protocols/http-messages.ts";

/**
 * An error from before a service is known or reached, so that every SDK can read it: code and message where the JSON protocols
 * look for them, in XML for a caller of an XML service.
 */
export function plainError(status: number, code: string, message: string, signingName: string | undefined): HttpReply {
  if (signingName === "iam" || signingName === "s3" || signingName === "sns" || signingName === "sts") {
    const error = `<Code>${code}</Code><Message>${escapeXml(message)}</Message>`;
    const body =
      signingName === "s3"
        ? `<Error>${error}</Error>`
        : `<ErrorResponse><Error><Type>Sender</Type>${error}</Error></ErrorResponse>`;
    return {
      status,
      headers: { "Content-Type": "application/xml" },
      body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
    };
  }
  return {
    status,
    headers: { "Content-Type": "application/json", "x-amzn-ErrorType": code },
    body: JSON.stringify({ __type: code, message }),
  };
}

/** A web page of an allowed origin asks first whether it may call. AWS: these headers (kinesalite's suite). */
export function preflightReply(headers: HttpRequest["headers"]): HttpReply {
  return {
    status: 200,
    headers: {
      "Access-Control-Allow-Origin": "*",
      "Access-Control-Allow-Headers": headers["access-control-request-headers"] ?? "",
      "Access-Control-Allow-Methods": headers["access-control-request-method"] ?? "",
      "Access-Control-Max-Age": "172800",
    },
    body: "",
  };
}

/** What makes a reply readable for a web page of an allowed origin. */
export const corsHeaders = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers":
    "x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date",
};

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
