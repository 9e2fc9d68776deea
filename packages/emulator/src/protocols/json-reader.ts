import { decodeBase64 } from "./base64.ts";
import type { Constraint } from "./constraint-table.ts";
import { serializationException } from "./errors.ts";
import type { Members } from "./protocol.ts";
import type { ListShape, MapShape, Member, StructureShape } from "./shapes.ts";
import { notList, notMap, notScalar, notStructure } from "./type-errors.ts";

/** Checks and converts one parsed JSON value that is not null. */
export type Reader = (value: unknown) => unknown;

/** Reader of a structure, compiled once; made for each service so that structures which share parts share their readers. */
export class JsonReaders {
  readonly #structures = new Map<StructureShape, (value: unknown) => Members>();

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
        return readBlob;
      case "timestamp":
        return readTimestamp;
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

/** The document in a body. AWS: one that is no JSON, or no object, is answered without a text (kinesalite's suite). */
export function parseDocument(body: Buffer): unknown {
  let document: unknown;
  try {
    document = JSON.parse(body.toString("utf8"));
  } catch {
    throw serializationException();
  }
  if (!isRecord(document)) throw serializationException();
  return document;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readString(value: unknown): string {
  if (typeof value !== "string") throw notScalar(value, "an String");
  return value;
}

function readBlob(value: unknown): Buffer {
  if (typeof value !== "string") throw notScalar(value, "a Blob");
  return decodeBase64(value);
}

function readTimestamp(value: unknown): Date {
  if (typeof value !== "number") throw notScalar(value, "milliseconds since epoch");
  return new Date(Math.round(value * 1000));
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
      return (value) => {
        if (typeof value !== "number") throw notScalar(value, "an Long");
        return Math.floor(value);
      };
    case "double":
    case "float":
      return (value) => {
        if (typeof value !== "number") throw notScalar(value, "an Double");
        return value;
      };
    default:
      return (value) => {
        if (typeof value !== "number") throw notScalar(value, "an Integer");
        return Math.max(-2147483648, Math.min(2147483647, Math.floor(value)));
      };
  }
}
