import { RestBinder } from "./rest-binder.ts";
import type { AwsError } from "./errors.ts";
import { eventStreamOf, eventStreamType } from "./event-stream-member.ts";
import { DocumentReaders } from "./document-reader.ts";
import { jsonScalars } from "./json-document.ts";
import { JsonWriters } from "./json-writer.ts";
import type { HttpRequest } from "./http-messages.ts";
import type { Members, Protocol, Route } from "./protocol.ts";
import { RestRouter } from "./rest-router.ts";
import type { ErrorSchema, OperationSchema, ServiceSchema } from "./schema-registry.ts";
import { writeScalarText } from "./scalar-text.ts";
import type { StructureShape } from "./shapes.ts";

const contentType = "application/json";

/** REST with JSON bodies: the operation in method and path, members in path, query, headers and body. */
export function restJson(service: ServiceSchema): Protocol {
  const readers = new DocumentReaders(jsonScalars);
  const writers = new JsonWriters();
  const binders = new Map<OperationSchema, RestBinder>();
  let router: RestRouter | undefined;

  const binderOf = (operation: OperationSchema): RestBinder => {
    let binder = binders.get(operation);
    if (binder === undefined) {
      binder = new RestBinder(operation, readers, writers);
      binders.set(operation, binder);
    }
    return binder;
  };

  const streamed = async function* (union: StructureShape, events: AsyncIterable<Members>): AsyncGenerator<Uint8Array> {
    // Loaded when a stream is first asked for.
    const { eventFrames } = await import("./event-stream.ts");
    const format = { contentType, writerOf: writers.structure.bind(writers) };
    yield* eventFrames(events, { service, format, union });
  };

  return {
    contentType,

    route(request: HttpRequest): Route | undefined {
      router ??= new RestRouter(service.operations.values());
      return router.find(request.method, request.path, request.query);
    },

    decode({ operation, labels }: Route, request: HttpRequest): Members {
      return binderOf(operation).readInput(labels, request);
    },

    encode(operation, output, context) {
      const { status, headers, body } = binderOf(operation).writeOutput(output);
      const id = { "x-amzn-RequestId": context.requestId };
      const union = eventStreamOf(operation)?.shape;
      if (union !== undefined && body !== "") {
        const frames = streamed(union, body as unknown as AsyncIterable<Members>);
        return {
          status,
          headers: { ...id, "Content-Type": eventStreamType, ...headers },
          body: frames,
          ownsChunks: true,
        };
      }
      const type = body === "" ? {} : { "Content-Type": contentType };
      return { status, headers: { ...id, ...type, ...headers }, body };
    },

    encodeError(error, context) {
      const schema = service.errors.get(error.code);
      return {
        status: error.statusCode ?? schema?.status ?? 400,
        headers: {
          "x-amzn-RequestId": context.requestId,
          "Content-Type": contentType,
          "x-amzn-ErrorType": error.code,
          ...errorHeaders(error, schema),
        },
        body: errorBody(error, schema, writers),
      };
    },
  };
}

function errorHeaders(error: AwsError, schema: ErrorSchema | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { name, shape, traits } of schema?.shape.members ?? []) {
    const value = error.fields[name];
    if (traits.httpHeader === undefined || value === undefined || !isScalar(shape.kind)) continue;
    headers[traits.httpHeader] = writeScalarText(shape.kind, value, traits.timestampFormat ?? "http-date");
  }
  return headers;
}

function isScalar(kind: string): kind is "string" | "number" | "boolean" {
  return kind === "string" || kind === "number" || kind === "boolean";
}

/**
 * AWS: Lambda's errors have a `Type`, and `message` or `Message`, as each error's model says; those it does not model,
 * ValidationException among them, have a lower-case `message` alone (recorded on AWS).
 */
function errorBody(error: AwsError, schema: ErrorSchema | undefined, writers: JsonWriters): string {
  if (schema === undefined) return error.message === "" ? "{}" : JSON.stringify({ message: error.message });
  const members = schema.shape.members.filter((member) => member.traits.httpHeader === undefined);
  const has = (name: string) => members.some((member) => member.name === name);
  const values = {
    ...(has("Type") ? { Type: schema.fault === "client" ? "User" : "Service" } : {}),
    ...(error.message === "" ? {} : { [has("Message") ? "Message" : "message"]: error.message }),
    ...error.fields,
  };
  return writers.structure(schema.shape, members)(values);
}
