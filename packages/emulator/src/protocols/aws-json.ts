import type { AwsError } from "./errors.ts";
import type { HttpReply, HttpRequest } from "./http-messages.ts";
import { JsonReaders, parseDocument } from "./json-reader.ts";
import { JsonWriters } from "./json-writer.ts";
import type { Members, Protocol, ReplyContext, Route } from "./protocol.ts";
import type { OperationSchema, ServiceSchema } from "./schema-registry.ts";
import type { Member } from "./shapes.ts";

export interface AwsJsonOptions {
  readonly version: "1.0" | "1.1";
  /** What stands before the point in `X-Amz-Target`. */
  readonly targetPrefix: string;
}

/** AWS JSON 1.0 and 1.1: the operation in `X-Amz-Target`, one JSON object each way. */
export function awsJson(service: ServiceSchema, options: AwsJsonOptions): Protocol {
  const contentType = `application/x-amz-json-${options.version}`;
  const target = `${options.targetPrefix}.`;
  const readers = new JsonReaders();
  const writers = new JsonWriters();
  const routes = new Map<string, Route>();
  for (const operation of service.operations.values()) routes.set(target + operation.name, { operation, labels: [] });
  const outputWriters = new Map<OperationSchema, (output: Members) => string>();

  const reply = (status: number, body: string, context: ReplyContext): HttpReply => ({
    status,
    headers: { "x-amzn-RequestId": context.requestId, "Content-Type": contentType },
    body,
  });

  return {
    contentType,

    route(request: HttpRequest): Route | undefined {
      return routes.get(request.headers["x-amz-target"] ?? "");
    },

    decode({ operation }: Route, request: HttpRequest): Members {
      return readers.structure(operation.input)(parseDocument(request.body));
    },

    encode(operation, output, context) {
      let write = outputWriters.get(operation);
      if (write === undefined) {
        write = outputWriter(operation, writers);
        outputWriters.set(operation, write);
      }
      return reply(200, write(output), context);
    },

    encodeError(error, context) {
      return reply(errorStatus(error, service), errorBody(error, service, writers), context);
    },
  };
}

/** An operation without output answers with an empty body, not with `{}`. AWS: kinesalite's suite. */
function outputWriter(operation: OperationSchema, writers: JsonWriters): (output: Members) => string {
  const { output } = operation;
  if (output.members.length === 0) return () => "";
  const members = output.members.filter((member) => !isEventStream(member));
  return writers.structure(output, members.length === output.members.length ? output.members : members);
}

/** Event streams are written by the caller of the operation: their frames are no part of the document. */
function isEventStream({ shape }: Member): boolean {
  return shape.kind === "structure" && shape.eventStream;
}

function errorStatus(error: AwsError, service: ServiceSchema): number {
  return error.statusCode ?? service.errors.get(error.code)?.status ?? 400;
}

/** AWS: no namespace before the name, and `Message` for SerializationException alone (kinesalite's suite). */
function errorBody(error: AwsError, service: ServiceSchema, writers: JsonWriters): string {
  const start = `{"__type":${JSON.stringify(error.code)}`;
  const messageKey = error.code === "SerializationException" ? "Message" : "message";
  const message = error.message === "" ? "" : `,"${messageKey}":${JSON.stringify(error.message)}`;
  const shape = service.errors.get(error.code)?.shape;
  const fields = shape === undefined ? "{}" : writers.structure(shape)(error.fields);
  return `${start}${message}${fields === "{}" ? "" : `,${fields.slice(1, -1)}`}}`;
}
