import { DocumentReaders } from "./document-reader.ts";
import type { AwsError } from "./errors.ts";
import { jsonScalars } from "./json-document.ts";
import { parseJson } from "./parse-json.ts";
import { JsonWriters } from "./json-writer.ts";
import type { Protocol } from "./protocol.ts";
import { rpcProtocol, targetRoutes } from "./rpc-protocol.ts";
import type { ErrorSchema, ServiceSchema } from "./schema-registry.ts";

export interface AwsJsonOptions {
  readonly version: "1.0" | "1.1";
  /** What stands before the point in `X-Amz-Target`. */
  readonly targetPrefix: string;
}

/** AWS JSON 1.0 and 1.1: the operation in `X-Amz-Target`, one JSON object each way. */
export function awsJson(service: ServiceSchema, { version, targetPrefix }: AwsJsonOptions): Protocol {
  const writers = new JsonWriters();
  return rpcProtocol(service, {
    format: {
      contentType: `application/x-amz-json-${version}`,
      parse: parseJson,
      readers: new DocumentReaders(jsonScalars),
      writerOf: (shape, members) => writers.structure(shape, members),
      writeError: (error, schema) => errorBody(error, schema, writers),
    },
    route: targetRoutes(service, targetPrefix),
    typesEmptyBody: true,
  });
}

/** AWS: no namespace before the name, and `Message` for SerializationException alone (kinesalite's suite). */
function errorBody(error: AwsError, schema: ErrorSchema | undefined, writers: JsonWriters): string {
  const start = `{"__type":${JSON.stringify(error.code)}`;
  const messageKey = error.code === "SerializationException" ? "Message" : "message";
  const message = error.message === "" ? "" : `,"${messageKey}":${JSON.stringify(error.message)}`;
  const fields = schema === undefined ? "{}" : writers.structure(schema.shape)(error.fields);
  return `${start}${message}${fields === "{}" ? "" : `,${fields.slice(1, -1)}`}}`;
}
