import type { AwsError } from "./errors.ts";
import type { HttpReply, HttpRequest } from "./http-messages.ts";
import type { OperationSchema } from "./schema-registry.ts";

/** The members of an operation's input or output, by their names in the SDK. */
export type Members = Readonly<Record<string, unknown>>;

/** The operation a request is for, and what was read from its path to find that out. */
export interface Route {
  readonly operation: OperationSchema;
  readonly labels: readonly string[];
}

/** What a reply needs to know about the request it answers. */
export interface ReplyContext {
  readonly requestId: string;
}

/** A service's wire format in one encoding. A service that speaks several has one of these for each. */
export interface Protocol {
  readonly contentType: string;
  /** Undefined when the service has no such operation. */
  route(request: HttpRequest): Route | undefined;
  /** Throws SerializationException for a body that is no document of this protocol, whatever operation it is for. */
  assertDocument?(body: Buffer): void;
  /** Throws an {@link AwsError} when the request cannot be read. */
  decode(route: Route, request: HttpRequest): Members;
  encode(operation: OperationSchema, output: Members, context: ReplyContext): HttpReply;
  encodeError(error: AwsError, context: ReplyContext): HttpReply;
}
