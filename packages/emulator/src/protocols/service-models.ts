import { awsJson } from "./aws-json.ts";
import { awsQuery } from "./aws-query.ts";
import { ConstraintChecks } from "./constraints.ts";
import { DocumentReaders } from "./document-reader.ts";
import { jsonScalars } from "./json-document.ts";
import { parseJson } from "./parse-json.ts";
import { JsonWriters } from "./json-writer.ts";
import { mediaType } from "./http-messages.ts";
import type { HttpRequest } from "./http-messages.ts";
import type { Members, Protocol } from "./protocol.ts";
import { restJson } from "./rest-json.ts";
import { readSchemas } from "./schema-registry.ts";
import type { OperationSchema, ServiceSchema } from "./schema-registry.ts";
import { targetPrefixes } from "./target-prefixes.ts";

export type ServiceName = "iam" | "kinesis" | "lambda" | "logs" | "sts" | "dynamodb" | "dynamodbstreams";

/** A service's wire format: what it is made of, and how it is read, checked and written. */
export interface ServiceModel {
  readonly name: ServiceName;
  readonly schema: ServiceSchema;
  readonly protocol: Protocol;
  /** The protocol of a request that is not in the service's first one; loaded when it is first spoken. */
  readonly otherProtocol?: (headers: HttpRequest["headers"]) => Promise<Protocol> | undefined;
  /** Throws the ValidationException of an input that breaks the model's constraints. */
  checkInput(operation: OperationSchema, input: Members): void;
  /** An operation's input from JSON, whatever protocol the service speaks. Throws SerializationException. */
  readDocument(operation: OperationSchema, json: Buffer): Members;
  /** An operation's output as JSON. */
  writeDocument(operation: OperationSchema, output: Members): string;
}

/**
 * Loads a service's model. The schemas and tables of each service are chunks of their own in the bundle; the caller
 * keeps the model, for it holds what is compiled from it.
 */
export async function loadModel(name: ServiceName): Promise<ServiceModel> {
  const loaded = await loaders[name]();
  // AWS: Lambda says of elements, keys and values that they must not be null as well, Kinesis does not (recorded on both).
  const checks = new ConstraintChecks({ partsNotNull: name === "lambda" });
  const readers = new DocumentReaders(jsonScalars);
  const writers = new JsonWriters();
  if (name === "dynamodb") {
    const readDocument: ServiceModel["readDocument"] = (_operation, json) => parseJson(json) as Members;
    const writeDocument: ServiceModel["writeDocument"] = (_operation, output) => JSON.stringify(output);
    return { name, ...loaded, checkInput() {}, readDocument, writeDocument };
  }
  return {
    name,
    ...loaded,
    checkInput: (operation, input) => checks.assertValid(operation.input, input),
    readDocument: (operation, json) => readers.structure(operation.input)(parseJson(json)),
    writeDocument: (operation, output) => writers.structure(operation.output)(output),
  };
}

type Loaded = Pick<ServiceModel, "schema" | "protocol" | "otherProtocol">;

const loaders: Readonly<Record<ServiceName, () => Promise<Loaded>>> = {
  async kinesis() {
    const [schemas, constraints] = await Promise.all([
      import("@aws-sdk/client-kinesis/dist-es/schemas/schemas_0.js"),
      import("./constraints/kinesis.json", { with: { type: "json" } }),
    ]);
    // AWS: the package of Kinesis' classes has its version in it (kinesalite's suite).
    const schema = readSchemas(schemas, constraints.default, "com.amazonaws.kinesis.v20131202");
    const targetPrefix = targetPrefixes.kinesis;
    let cbor: Promise<Protocol> | undefined;
    let rpcV2: Promise<Protocol> | undefined;
    return {
      schema,
      protocol: awsJson(schema, { version: "1.1", targetPrefix }),
      otherProtocol(headers) {
        if (headers["smithy-protocol"] === "rpc-v2-cbor") {
          const options = { serviceName: targetPrefix, namespace: "com.amazonaws.kinesis" };
          return (rpcV2 ??= import("./aws-cbor.ts").then(({ rpcV2Cbor }) => rpcV2Cbor(schema, options)));
        }
        // AWS: a request that has no type is answered in CBOR (kinesalite's suite).
        if (mediaType(headers) === "application/x-amz-json-1.1") return undefined;
        return (cbor ??= import("./aws-cbor.ts").then(({ awsCbor }) => awsCbor(schema, { targetPrefix })));
      },
    };
  },

  async iam() {
    const schemas = await import("@aws-sdk/client-iam/dist-es/schemas/schemas_0.js");
    const schema = readSchemas(schemas, {});
    return { schema, protocol: awsQuery(schema, { xmlNamespace: "https://iam.amazonaws.com/doc/2010-05-08/" }) };
  },

  async lambda() {
    const [schemas, constraints] = await Promise.all([
      import("@aws-sdk/client-lambda/dist-es/schemas/schemas_0.js"),
      import("./constraints/lambda.json", { with: { type: "json" } }),
    ]);
    const schema = readSchemas(schemas, constraints.default);
    return { schema, protocol: restJson(schema) };
  },

  async logs() {
    const [schemas, constraints] = await Promise.all([
      import("@aws-sdk/client-cloudwatch-logs/dist-es/schemas/schemas_0.js"),
      import("./constraints/logs.json", { with: { type: "json" } }),
    ]);
    const schema = readSchemas(schemas, constraints.default);
    return { schema, protocol: awsJson(schema, { version: "1.1", targetPrefix: targetPrefixes.logs }) };
  },

  /** Tables are a library's, which reads and checks their documents itself. */
  async dynamodb() {
    const [{ dynamoDbOperations }, { jsonDocuments, namedOperations }] = await Promise.all([
      import("./dynamodb-operations.ts"),
      import("./json-documents.ts"),
    ]);
    const schema = namedOperations(dynamoDbOperations, { InternalServerError: 500 });
    const errorNamespace = "com.amazonaws.dynamodb.v20120810";
    return { schema, protocol: jsonDocuments(schema, { targetPrefix: targetPrefixes.dynamodb, errorNamespace }) };
  },

  async dynamodbstreams() {
    const [schemas, constraints] = await Promise.all([
      import("@aws-sdk/client-dynamodb-streams/dist-es/schemas/schemas_0.js"),
      import("./constraints/dynamodbstreams.json", { with: { type: "json" } }),
    ]);
    const schema = readSchemas(schemas, constraints.default);
    return { schema, protocol: awsJson(schema, { version: "1.0", targetPrefix: targetPrefixes.dynamodbstreams }) };
  },

  async sts() {
    const schemas = await import("@aws-sdk/client-sts/dist-es/schemas/schemas_0.js");
    const schema = readSchemas(schemas, {});
    return { schema, protocol: awsQuery(schema, { xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/" }) };
  },
};
