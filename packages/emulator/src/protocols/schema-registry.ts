import type { ConstraintTable } from "./constraint-table.ts";
import type { StructureShape } from "./shapes.ts";
import { asError, asOperation, ShapeResolver, traitsOf } from "./static-schemas.ts";
import type { StaticSchema } from "./static-schemas.ts";

/** Everything the protocols know of a service. */
export interface ServiceSchema {
  readonly operations: ReadonlyMap<string, OperationSchema>;
  readonly errors: ReadonlyMap<string, ErrorSchema>;
}

export interface OperationSchema {
  readonly name: string;
  /** The REST binding; undefined for services that have one path for all operations. */
  readonly http: { readonly method: string; readonly uri: string; readonly status: number } | undefined;
  readonly input: StructureShape;
  readonly output: StructureShape;
}

export interface ErrorSchema {
  readonly name: string;
  readonly fault: "client" | "server";
  readonly status: number;
  /** The code on the wire where Query services call it differently. */
  readonly queryCode: string;
  readonly shape: StructureShape;
}

/** Reads the exports of an SDK client's schema module. Shapes are resolved when an operation first asks for them. */
export function readSchemas(schemaModule: object, table: ConstraintTable, javaPackage?: string): ServiceSchema {
  const shapes = new ShapeResolver(table, javaPackage);
  const operations = new Map<string, OperationSchema>();
  const errors = new Map<string, ErrorSchema>();
  for (const exported of Object.values(schemaModule)) {
    const operation = asOperation(exported);
    if (operation !== undefined) operations.set(operation[2], operationSchema(operation, shapes));
    const error = asError(exported);
    if (error !== undefined) errors.set(error[2], errorSchema(error, shapes));
  }
  return { operations, errors };
}

function operationSchema(schema: StaticSchema, shapes: ShapeResolver): OperationSchema {
  const [, , name, traits, input, output] = schema;
  const http = traitsOf(traits).http;
  return {
    name,
    http: http === undefined ? undefined : { method: http[0], uri: http[1], status: http[2] },
    get input() {
      return shapes.structure(input);
    },
    get output() {
      return shapes.structure(output);
    },
  };
}

function errorSchema(schema: StaticSchema, shapes: ShapeResolver): ErrorSchema {
  const name = schema[2];
  const { error: fault = "client", httpError, awsQueryError } = traitsOf(schema[3]);
  return {
    name,
    fault,
    status: httpError ?? (fault === "client" ? 400 : 500),
    queryCode: awsQueryError?.[0] ?? name,
    get shape() {
      return shapes.structure(schema);
    },
  };
}
