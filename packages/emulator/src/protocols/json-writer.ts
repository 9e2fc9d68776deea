import { encodeBase64 } from "./base64.ts";
import type { Members } from "./protocol.ts";
import type { ListShape, MapShape, Member, StructureShape } from "./shapes.ts";

/** JSON text of one value that is neither undefined nor null. */
export type Writer = (value: unknown) => string;

interface CompiledMember {
  readonly name: string;
  /** `"Name":`, and the same after a comma. */
  readonly key: string;
  readonly nextKey: string;
  readonly write: Writer;
}

/** Writers of structures straight to text, compiled once per service. Values have the types of the SDK's outputs. */
export class JsonWriters {
  readonly #structures = new Map<StructureShape, (value: Members) => string>();

  /** Writes `members` of the structure only: where a protocol binds others to headers or the status. */
  structure(shape: StructureShape, members: readonly Member[] = shape.members): (value: Members) => string {
    const whole = members === shape.members;
    const known = whole ? this.#structures.get(shape) : undefined;
    if (known !== undefined) return known;
    // Compiled in two steps, because a structure may contain itself.
    let compiled: readonly CompiledMember[] | undefined;
    const compile = () =>
      members.map((member): CompiledMember => ({
        name: member.name,
        key: `${JSON.stringify(member.name)}:`,
        nextKey: `,${JSON.stringify(member.name)}:`,
        write: this.#member(member),
      }));
    const write = (value: Members): string => {
      compiled ??= compile();
      let text = "{";
      let first = true;
      for (const { name, key, nextKey, write: writeMember } of compiled) {
        const member = value[name];
        if (member === undefined || member === null) continue;
        text += first ? key : nextKey;
        text += writeMember(member);
        first = false;
      }
      return `${text}}`;
    };
    if (whole) this.#structures.set(shape, write);
    return write;
  }

  #member(member: Member): Writer {
    const shape = member.shape;
    switch (shape.kind) {
      case "string":
        return writeString;
      case "number":
        return writeNumber;
      case "boolean":
        return String;
      case "blob":
        return (value) => `"${encodeBase64(value as Uint8Array)}"`;
      case "timestamp":
        return (value) => String((value as Date).getTime() / 1000);
      case "list":
        return this.#list(shape);
      case "map":
        return this.#map(shape);
      default:
        return this.structure(shape) as Writer;
    }
  }

  #list(shape: ListShape): Writer {
    const writeElement = this.#member(shape.element);
    return (value) => {
      let text = "[";
      for (const element of value as readonly unknown[]) {
        if (text.length > 1) text += ",";
        text += element === undefined || element === null ? "null" : writeElement(element);
      }
      return `${text}]`;
    };
  }

  #map(shape: MapShape): Writer {
    const writeValue = this.#member(shape.value);
    return (value) => {
      const entries: string[] = [];
      for (const [key, element] of Object.entries(value as Members)) {
        if (element !== undefined && element !== null) entries.push(`${JSON.stringify(key)}:${writeValue(element)}`);
      }
      return `{${entries.join(",")}}`;
    };
  }
}

function writeString(value: unknown): string {
  return JSON.stringify(value);
}

/** JSON has no NaN and no infinities: Smithy writes them as strings. */
function writeNumber(value: unknown): string {
  return Number.isFinite(value) ? String(value) : `"${String(value)}"`;
}
