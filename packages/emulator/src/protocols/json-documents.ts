import type { AwsError } from "./errors.ts";
import { parseJson } from "./parse-json.ts";
import type { Members, Protocol } from "./protocol.ts";
import { targetRoutes } from "./rpc-protocol.ts";
import type { ErrorSchema, OperationSchema, ServiceSchema } from "./schema-registry.ts";
import type { StructureShape } from "./shapes.ts";

const anyMembers: StructureShape = {
  kind: "structure",
  name: "Document",
  javaClass: "Document",
  eventStream: false,
  members: [],
};

/** A service of which nothing is known but the names of its operations, and of those errors whose status is not 400. */
export function namedOperations(names: readonly string[], statuses: Readonly<Record<string, number>>): ServiceSchema {
  const operationOf = (name: string): OperationSchema => ({
    name,
    http: undefined,
    input: anyMembers,
    output: anyMembers,
  });
  const errorOf = ([name, status]: readonly [string, number]): ErrorSchema => ({
    name,
    fault: status < 500 ? "client" : "server",
    status,
    queryCode: name,
    shape: anyMembers,
  });
  return {
    operations: new Map(names.map((name) => [name, operationOf(name)])),
    errors: new Map(Object.entries(statuses).map((entry) => [entry[0], errorOf(entry)])),
  };
}

export interface JsonDocumentsOptions {
  readonly targetPrefix: string;
  /** What stands before the point and the name of the service's own errors. */
  readonly errorNamespace: string;
}

/** AWS JSON 1.0 whose documents go through as they are: the service reads and checks them itself. */
export function jsonDocuments(
  service: ServiceSchema,
  { targetPrefix, errorNamespace }: JsonDocumentsOptions,
): Protocol {
  const contentType = "application/x-amz-json-1.0";
  const headersFor = (requestId: string) => ({ "x-amzn-RequestId": requestId, "Content-Type": contentType });
  return {
    contentType,
    route: targetRoutes(service, targetPrefix),
    assertDocument: (body) => void parseJson(body),
    decode: (_route, { body }) => parseJson(body) as Members,
    encode: (_operation, output, { requestId }) => ({
      status: 200,
      headers: headersFor(requestId),
      body: JSON.stringify(output),
    }),
    encodeError: (error, { requestId }) => ({
      status: error.statusCode ?? service.errors.get(error.code)?.status ?? 400,
      headers: headersFor(requestId),
      body: JSON.stringify(errorDocument(error, errorNamespace)),
    }),
  };
}

/** Errors of AWS's own layers, which come before the service. */
const namespaces: { readonly [code: string]: string } = {
  ValidationException: "com.amazon.coral.validate",
  SerializationException: "com.amazon.coral.service",
  UnknownOperationException: "com.amazon.coral.service",
};

/** AWS: the namespaces, and `Message` for SerializationException alone (dynalite's suite). */
function errorDocument({ code, message, fields }: AwsError, errorNamespace: string): object {
  const messageKey = code === "SerializationException" ? "Message" : "message";
  const type = `${namespaces[code] ?? errorNamespace}#${code}`;
  return { __type: type, ...(message !== "" && { [messageKey]: message }), ...fields };
}
