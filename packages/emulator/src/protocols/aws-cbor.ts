import { cbor, tag } from "@smithy/core/cbor";
import { DocumentReaders } from "./document-reader.ts";
import { isRecord } from "./parse-json.ts";
import type { ScalarReaders } from "./document-reader.ts";
import { serializationException } from "./errors.ts";
import type { AwsError } from "./errors.ts";
import type { Members, Protocol } from "./protocol.ts";
import { rpcProtocol, targetRoutes } from "./rpc-protocol.ts";
import type { DocumentFormat } from "./rpc-protocol.ts";
import type { ServiceSchema } from "./schema-registry.ts";
import type { Member } from "./shapes.ts";
import { notScalar } from "./type-errors.ts";

/** How many of a timestamp's units are in a second. AWS: whole milliseconds in `x-amz-cbor`, seconds in rpc-v2-cbor (SDKs' suites). */
type UnitsPerSecond = 1 | 1000;

/**
 * `application/x-amz-cbor-1.1`, which the Java SDK, KCL and KPL speak by default: the operation in `X-Amz-Target`, one
 * map each way. Errors have the members that they have in JSON.
 */
export function awsCbor(service: ServiceSchema, { targetPrefix }: { readonly targetPrefix: string }): Protocol {
  return rpcProtocol(service, {
    format: cborFormat({
      contentType: "application/x-amz-cbor-1.1",
      units: 1000,
      parse: parseCbor,
      describeError: ({ code, message }) => ({
        __type: code,
        ...(message !== "" && { [code === "SerializationException" ? "Message" : "message"]: message }),
      }),
    }),
    route: targetRoutes(service, targetPrefix),
    typesEmptyBody: true,
  });
}

export interface RpcV2CborOptions {
  /** As in the path. */
  readonly serviceName: string;
  /** Before the names of errors. */
  readonly namespace: string;
}

/** Smithy RPC v2 CBOR: the operation in the path, one map each way. */
export function rpcV2Cbor(service: ServiceSchema, { serviceName, namespace }: RpcV2CborOptions): Protocol {
  const path = new RegExp(`/service/${serviceName}/operation/(\\w+)$`);
  return rpcProtocol(service, {
    format: cborFormat({
      contentType: "application/cbor",
      units: 1,
      // A client sends nothing for an input without members.
      parse: (body) => (body.length === 0 ? {} : parseCbor(body)),
      describeError: ({ code, message }) => ({ __type: `${namespace}#${code}`, message }),
    }),
    route({ path: given, method }) {
      const operation = service.operations.get(path.exec(given)?.[1] ?? "");
      return method === "POST" && operation !== undefined ? { operation, labels: [] } : undefined;
    },
    headers: { "smithy-protocol": "rpc-v2-cbor" },
    typesEmptyBody: false,
  });
}

interface CborOptions {
  readonly contentType: string;
  readonly units: UnitsPerSecond;
  readonly parse: (body: Buffer) => unknown;
  /** The members of an error that its model does not tell. */
  readonly describeError: (error: AwsError) => Members;
}

function cborFormat({ contentType, units, parse, describeError }: CborOptions): DocumentFormat {
  return {
    contentType,
    parse,
    readers: new DocumentReaders(cborScalars(units)),
    writerOf: (_, members) => {
      const plain = plainStructure(members, units);
      return (value) => cbor.serialize(plain(value));
    },
    writeError: (error, schema) =>
      cbor.serialize({
        ...describeError(error),
        ...(schema && plainStructure(schema.shape.members, units)(error.fields)),
      }),
  };
}

function parseCbor(body: Buffer): unknown {
  let document: unknown;
  try {
    document = cbor.deserialize(body);
  } catch {
    throw serializationException();
  }
  if (!isRecord(document)) throw serializationException();
  return document;
}

function cborScalars(units: UnitsPerSecond): ScalarReaders {
  return {
    blob(value) {
      if (!(value instanceof Uint8Array)) throw notScalar(value, "a Blob");
      return value;
    },
    timestamp(value) {
      const time: unknown = isRecord(value) && value["tag"] === 1 ? value["value"] : value;
      if (typeof time !== "number") throw notScalar(value, "milliseconds since epoch");
      return new Date(Math.round((time * 1000) / units));
    },
  };
}

/** What the encoder takes for one value that is neither undefined nor null. */
type Plain = (value: unknown) => unknown;

/** The values that are there, by their names on the wire. */
function plainStructure(members: readonly Member[], units: UnitsPerSecond): (value: Members) => Members {
  // Compiled in two steps, because a structure may contain itself.
  let compiled: readonly (readonly [name: string, plain: Plain])[] | undefined;
  return (value) => {
    compiled ??= members.map((member) => [member.name, plainMember(member, units)]);
    const plain: Record<string, unknown> = {};
    for (const [name, convert] of compiled) {
      const member = value[name];
      if (member !== undefined && member !== null) plain[name] = convert(member);
    }
    return plain;
  };
}

function plainMember({ shape }: Member, units: UnitsPerSecond): Plain {
  switch (shape.kind) {
    case "timestamp":
      return (value) => tag({ tag: 1, value: ((value as Date).getTime() * units) / 1000 });
    case "list": {
      const element = plainMember(shape.element, units);
      return (value) => (value as readonly unknown[]).map((item) => element(item));
    }
    case "map": {
      const element = plainMember(shape.value, units);
      return (value) => Object.fromEntries(Object.entries(value as Members).map(([key, item]) => [key, element(item)]));
    }
    case "structure":
      return plainStructure(shape.members, units) as Plain;
    default:
      return (value) => value;
  }
}
