/** A request to a function's URL. */
export interface UrlRequest {
  readonly method: string;
  /** Path as sent, without what leads to the URL. */
  readonly path: string;
  /** Query string as sent, without the question mark. */
  readonly query: string;
  /** By lower-case name; several of one name are joined by commas. */
  readonly headers: ReadonlyMap<string, string>;
  /** Such as `HTTP/1.1`. */
  readonly protocol: string;
  readonly sourceIp: string;
  /** Undefined when it is larger than any event. */
  readonly body: Buffer | undefined;
}

/** The call that a request is. */
export interface UrlCall {
  readonly requestId: string;
  /** Who signed it, if anybody did. */
  readonly accessKeyId: string | undefined;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
}

export interface UrlReply {
  readonly status: number;
  /** Names as they go on the wire; a list is that header several times. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** Absent to HEAD and where the status has none. */
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
}

/** A reply that the platform makes, for lack of one of the function's. */
export function platformReply(status: number, body: string | object, errorType?: string): UrlReply {
  const type = errorType === undefined ? {} : { "x-amzn-ErrorType": errorType };
  return {
    status,
    headers: { "Content-Type": "application/json", ...type },
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
}

// AWS: for whatever fails in the function, and for what it answers if that cannot be read (recorded on AWS).
export const functionFailed = platformReply(502, "Internal Server Error");

// AWS: recorded on AWS, both.
export const unknownUrl = platformReply(403, { Message: null }, "AccessDeniedException");
export const forbidden = platformReply(
  403,
  {
    Message:
      "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
  },
  "AccessDeniedException",
);

// AWS: the status (AWS docs). Assumed: the text.
export const requestTooLarge = platformReply(
  413,
  { Message: "Request must be smaller than 6291456 bytes for the InvokeFunction operation" },
  "RequestEntityTooLargeException",
);
