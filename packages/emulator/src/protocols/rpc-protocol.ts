import type { DocumentReaders } from "./document-reader.ts";
import type { AwsError } from "./errors.ts";
import { eventStreamOf, eventStreamType } from "./event-stream-member.ts";
import type { EventStreamMember } from "./event-stream-member.ts";
import type { HttpReply } from "./http-messages.ts";
import type { Members, Protocol, Route } from "./protocol.ts";
import type { ErrorSchema, OperationSchema, ServiceSchema } from "./schema-registry.ts";
import type { Member, StructureShape } from "./shapes.ts";

type Body = string | Uint8Array;

/** How the documents of requests, replies and errors are in bytes. */
export interface DocumentFormat {
  readonly contentType: string;
  /** Throws SerializationException for bytes that are no document. */
  readonly parse: (body: Buffer) => unknown;
  readonly readers: DocumentReaders;
  /** Compiles the writer of a structure's `members`. */
  readonly writerOf: (shape: StructureShape, members: readonly Member[]) => (value: Members) => Body;
  readonly writeError: (error: AwsError, schema: ErrorSchema | undefined) => Body;
}

export interface RpcOptions {
  readonly format: DocumentFormat;
  readonly route: Protocol["route"];
  /** Headers of every reply besides those of its body and its request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether a reply without a body tells the type that it would have. */
  readonly typesEmptyBody: boolean;
}

/** A protocol with one document each way: all of the input in the request's body, all of the output in the reply's. */
export function rpcProtocol(service: ServiceSchema, options: RpcOptions): Protocol {
  const { format, route, headers = {}, typesEmptyBody } = options;
  const writers = new Map<OperationSchema, (output: Members) => Body>();
  const streamed = async function* (
    initialResponse: Body,
    member: EventStreamMember,
    output: Members,
  ): AsyncGenerator<Uint8Array> {
    // Loaded when a stream is first asked for.
    const { eventFrames } = await import("./event-stream.ts");
    const events = output[member.name] as AsyncIterable<Members>;
    yield* eventFrames(events, { service, format, union: member.shape, initialResponse });
  };
  const reply = (status: number, body: Body, requestId: string): HttpReply => ({
    status,
    headers: {
      "x-amzn-RequestId": requestId,
      ...headers,
      ...(body.length > 0 || typesEmptyBody ? { "Content-Type": format.contentType } : {}),
    },
    body,
  });
  return {
    contentType: format.contentType,
    route,
    assertDocument: (body) => void format.parse(body),
    decode: ({ operation }: Route, { body }) => format.readers.structure(operation.input)(format.parse(body)),

    encode(operation, output, { requestId }) {
      let write = writers.get(operation);
      if (write === undefined) {
        write = outputWriter(operation, format);
        writers.set(operation, write);
      }
      const member = eventStreamOf(operation);
      if (member === undefined) return reply(200, write(output), requestId);
      return {
        status: 200,
        headers: { "x-amzn-RequestId": requestId, ...headers, "Content-Type": eventStreamType },
        body: streamed(write(output), member, output),
        ownsChunks: true,
      };
    },

    encodeError(error, { requestId }) {
      const schema = service.errors.get(error.code);
      return reply(error.statusCode ?? schema?.status ?? 400, format.writeError(error, schema), requestId);
    },
  };
}

/** Routes of a service's operations by `X-Amz-Target`. */
export function targetRoutes(service: ServiceSchema, targetPrefix: string): Protocol["route"] {
  const routes = new Map<string, Route>();
  for (const operation of service.operations.values()) {
    routes.set(`${targetPrefix}.${operation.name}`, { operation, labels: [] });
  }
  return ({ headers }) => routes.get(headers["x-amz-target"] ?? "");
}

/** An operation without output answers with an empty body, not with an empty document. AWS: kinesalite's suite. */
function outputWriter({ output }: OperationSchema, format: DocumentFormat): (output: Members) => Body {
  if (output.members.length === 0) return () => "";
  const members = output.members.filter(({ shape }) => !(shape.kind === "structure" && shape.eventStream));
  return format.writerOf(output, members.length === output.members.length ? output.members : members);
}
