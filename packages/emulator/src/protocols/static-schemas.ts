import type { Constraint, ConstraintTable } from "./constraint-table.ts";
import { emptyStructure } from "./shapes.ts";
import type {
  ListShape,
  MapShape,
  Member,
  ScalarShape,
  Shape,
  StructureShape,
  TimestampFormat,
  Traits,
} from "./shapes.ts";

/**
 * The arrays that AWS SDK clients export: `[kind, namespace, name, traits, ...]`. Fields 4 and up are: element (list);
 * key, value (map); member names, member schemas, count of leading required members (structure, union, error);
 * input, output (operation); target (simple).
 */
export type StaticSchema = readonly [
  kind: number,
  namespace: string,
  name: string,
  traits: unknown,
  ...rest: unknown[],
];

const simpleKind = 0;
const listKind = 1;
const mapKind = 2;
const structureKind = 3;
const unionKind = 4;
const errorKind = -3;
const operationKind = 9;

const listModifier = 64;
const mapModifier = 128;

/** Traits that member schemas encode as bits, by bit number. */
const bitTraits = [
  "httpLabel",
  "idempotent",
  "idempotencyToken",
  "sensitive",
  "httpPayload",
  "httpResponseCode",
  "httpQueryParams",
] as const;

const scalarKinds: ReadonlyMap<number, ScalarShape["kind"]> = new Map([
  [0, "string"],
  [1, "number"],
  [2, "boolean"],
  [4, "timestamp"],
  [5, "timestamp"],
  [6, "timestamp"],
  [7, "timestamp"],
  [17, "number"],
  [19, "number"],
  [21, "blob"],
  [42, "blob"],
]);

const timestampFormats: ReadonlyMap<unknown, TimestampFormat> = new Map([
  [5, "date-time"],
  [6, "http-date"],
  [7, "epoch-seconds"],
]);

/** The schema, if this export of a schema module is an operation. */
export function asOperation(value: unknown): StaticSchema | undefined {
  return isSchema(value) && value[0] === operationKind ? value : undefined;
}

/** The schema, if this export of a schema module is a modelled error. */
export function asError(value: unknown): StaticSchema | undefined {
  return isSchema(value) && value[0] === errorKind ? value : undefined;
}

function isSchema(value: unknown): value is StaticSchema {
  return Array.isArray(value) && value.length > 3 && typeof value[0] === "number";
}

export function traitsOf(indicator: unknown): Traits {
  if (typeof indicator === "object" && indicator !== null) return indicator;
  const bits = Number(indicator);
  return Object.fromEntries(bitTraits.filter((_, bit) => (bits >> bit) & 1).map((name) => [name, 1]));
}

/** Turns schema references into shapes; one shape per structure, so that what is compiled from it can be kept by it. */
export class ShapeResolver {
  readonly #table: ConstraintTable;
  readonly #javaPackage: string | undefined;
  readonly #structures = new Map<StaticSchema, StructureShape>();

  /** The Java package is the namespace of the schemas unless told otherwise. */
  constructor(table: ConstraintTable, javaPackage?: string) {
    this.#table = table;
    this.#javaPackage = javaPackage;
  }

  structure(reference: unknown): StructureShape {
    const { target } = dereference(reference);
    if (target === "unit") return emptyStructure;
    const shape = this.#shape(target);
    if (shape.kind !== "structure") throw new Error(`expected a structure, the schema has a ${shape.kind}`);
    return shape;
  }

  #shape(target: unknown): Shape {
    if (typeof target === "number") return this.#numbered(target);
    if (target === "unit") return emptyStructure;
    if (!isSchema(target)) throw new Error(`the schema has something unknown: ${JSON.stringify(target)}`);
    switch (target[0]) {
      case simpleKind:
        return this.#shape(dereference(target[4]).target);
      case listKind:
        return this.#list(target[4]);
      case mapKind:
        return this.#map(target[4], target[5]);
      case structureKind:
      case unionKind:
      case errorKind:
        return this.#structure(target);
      default:
        throw new Error(`the schema ${target[2]} is of the unknown kind ${target[0]}`);
    }
  }

  #numbered(sentinel: number): Shape {
    if (sentinel >= mapModifier) return this.#map(0, sentinel - mapModifier);
    if (sentinel >= listModifier) return this.#list(sentinel - listModifier);
    const kind = scalarKinds.get(sentinel);
    if (kind === undefined) throw new Error(`the schema has the unknown simple type ${sentinel}`);
    return { kind, streaming: sentinel === 42 };
  }

  #list(element: unknown): ListShape {
    return { kind: "list", element: this.#member("member", element, false, undefined) };
  }

  #map(key: unknown, value: unknown): MapShape {
    return {
      kind: "map",
      key: this.#member("key", key, true, undefined),
      value: this.#member("value", value, false, undefined),
    };
  }

  #structure(schema: StaticSchema): StructureShape {
    const known = this.#structures.get(schema);
    if (known !== undefined) return known;
    const [kind, namespace, name, traits] = schema;
    const [names, references, requiredCount = 0] = schema.slice(4) as [string[], unknown[], number?];
    const constraints = this.#table[name];
    const shape: StructureShape = {
      kind: "structure",
      name,
      javaClass: `${this.#javaPackage ?? namespace}.${name}`,
      eventStream: kind === unionKind && traitsOf(traits).streaming === 1,
      members: names.map((member, index) =>
        this.#member(member, references[index], index < requiredCount, constraints?.[member]),
      ),
    };
    this.#structures.set(schema, shape);
    return shape;
  }

  #member(name: string, reference: unknown, required: boolean, constraint: Constraint | undefined): Member {
    const { target, traits } = dereference(reference);
    const format = timestampFormats.get(target);
    let shape: Shape | undefined;
    const resolve = () => this.#shape(typeof target === "function" ? target() : target);
    return {
      name,
      required,
      constraint,
      traits: format === undefined ? traitsOf(traits) : { ...traitsOf(traits), timestampFormat: format },
      get shape() {
        return (shape ??= resolve());
      },
    };
  }
}

/** Takes the traits off a reference `[target, traits]` and follows functions, but not into a member's own target. */
function dereference(reference: unknown): { target: unknown; traits: unknown } {
  if (typeof reference === "function") {
    const target: unknown = reference();
    return { target, traits: 0 };
  }
  if (Array.isArray(reference) && reference.length === 2) return { target: reference[0], traits: reference[1] };
  return { target: reference, traits: 0 };
}
