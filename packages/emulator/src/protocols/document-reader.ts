import type { Constraint } from "./constraint-table.ts";
import { serializationException } from "./errors.ts";
import { isRecord } from "./parse-json.ts";
import type { Members } from "./protocol.ts";
import type { ListShape, MapShape, Member, StructureShape } from "./shapes.ts";
import { notList, notMap, notScalar, notStructure } from "./type-errors.ts";

/** Checks and converts one parsed value that is not null. */
export type Reader = (value: unknown) => unknown;

/** How a format has the types that JSON has no values for. */
export interface ScalarReaders {
  readonly blob: (value: unknown) => Uint8Array;
  readonly timestamp: (value: unknown) => Date;
}

/**
 * Readers of parsed documents, compiled once for each structure; made for each service so that structures which share parts
 * share their readers.
 */
export class DocumentReaders {
  readonly #scalars: ScalarReaders;
  readonly #structures = new Map<StructureShape, (value: unknown) => Members>();

  constructor(scalars: ScalarReaders) {
    this.#scalars = scalars;
  }

  /** Reads `members` of the structure only: where a protocol binds others to the path or to headers. */
  structure(shape: StructureShape, members: readonly Member[] = shape.members): (value: unknown) => Members {
    const whole = members === shape.members;
    const known = whole ? this.#structures.get(shape) : undefined;
    if (known !== undefined) return known;
    // Compiled in two steps, because a structure may contain itself.
    let readMember: ReadonlyMap<string, Reader> | undefined;
    const compile = () => new Map(members.map((member) => [member.name, this.#member(member, member.constraint)]));
    const read = (value: unknown): Members => {
      if (!isRecord(value)) throw notStructure(value);
      readMember ??= compile();
      const result: Record<string, unknown> = {};
      for (const name in value) {
        const reader = readMember.get(name);
        if (reader === undefined) continue;
        const member = value[name];
        if (member !== null) result[name] = reader(member);
      }
      return result;
    };
    if (whole) this.#structures.set(shape, read);
    return read;
  }

  #member(member: Member, constraint: Constraint | undefined): Reader {
    const shape = member.shape;
    switch (shape.kind) {
      case "string":
        return readString;
      case "number":
        return readerOfNumber(constraint);
      case "boolean":
        return readBoolean;
      case "blob":
        return this.#scalars.blob;
      case "timestamp":
        return this.#scalars.timestamp;
      case "list":
        return this.#list(shape, constraint);
      case "map":
        return this.#map(shape, constraint);
      default:
        return this.structure(shape);
    }
  }

  #list(shape: ListShape, constraint: Constraint | undefined): Reader {
    const readElement = this.#member(shape.element, constraint?.member);
    return (value) => {
      if (!Array.isArray(value)) throw notList(value);
      const result: unknown[] = [];
      // Assumed: nulls in lists are dropped as those in structures are.
      for (const element of value) if (element !== null) result.push(readElement(element));
      return result;
    };
  }

  #map(shape: MapShape, constraint: Constraint | undefined): Reader {
    const readValue = this.#member(shape.value, constraint?.value);
    return (value) => {
      if (!isRecord(value)) throw notMap(value);
      const entries: [string, unknown][] = [];
      for (const key in value) if (value[key] !== null) entries.push([key, readValue(value[key])]);
      return Object.fromEntries(entries); // defines `__proto__` as a key like any other
    };
  }
}

function readString(value: unknown): string {
  if (typeof value !== "string") throw notScalar(value, "an String");
  return value;
}

const booleanTexts: ReadonlyMap<string, boolean> = new Map([
  ["TRUE", true],
  ["1", true],
  ["YES", true],
  ["FALSE", false],
  ["0", false],
  ["NO", false],
]);

function readBoolean(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") throw notScalar(value, "an Boolean");
  const text = value.toUpperCase();
  const meaning = booleanTexts.get(text);
  if (meaning === undefined) throw serializationException(`'${text}' can not be converted to an Boolean`);
  return meaning;
}

/** The SDK's schemas have one numeric type; the constraint table says where it is not Integer. */
export function readerOfNumber(constraint: Constraint | undefined): (value: unknown) => number {
  switch (constraint?.t) {
    case "long":
      return (value) => Math.floor(numberOf(value, "an Long"));
    case "double":
    case "float":
      return (value) => numberOf(value, "an Double");
    default:
      return (value) => Math.max(-2147483648, Math.min(2147483647, Math.floor(numberOf(value, "an Integer"))));
  }
}

/** CBOR's integers may be larger than a number can be exact. */
function numberOf(value: unknown, target: string): number {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "number") throw notScalar(value, target);
  return value;
}
