import type { Constraint } from "./constraint-table.ts";
import { serializationException } from "./errors.ts";
import type { Members } from "./protocol.ts";
import { readScalarText } from "./scalar-text.ts";
import type { Member, StructureShape } from "./shapes.ts";

/** A form's parameters as a tree: `Tags.member.1.Key=a` is the leaf Tags → member → 1 → Key. */
interface Node {
  text: string | undefined;
  readonly children: Map<string, Node>;
}

/** Reads the parameters of a Query request by schema. Unknown parameters are dropped. */
export function readForm(form: URLSearchParams, shape: StructureShape): Members {
  const root = node();
  for (const [name, text] of form) {
    let at = root;
    for (const part of name.split(".")) {
      let next = at.children.get(part);
      if (next === undefined) {
        next = node();
        at.children.set(part, next);
      }
      at = next;
    }
    at.text = text;
  }
  return readStructure(root, shape);
}

function node(): Node {
  return { text: undefined, children: new Map() };
}

function readStructure(at: Node, shape: StructureShape): Members {
  const result: Record<string, unknown> = {};
  for (const member of shape.members) {
    const given = at.children.get(member.traits.xmlName ?? member.name);
    if (given !== undefined) result[member.name] = read(given, member, member.constraint);
  }
  return result;
}

function read(at: Node, member: Member, constraint: Constraint | undefined): unknown {
  const { shape } = member;
  switch (shape.kind) {
    case "structure":
      return readStructure(at, shape);
    case "list": {
      const { element } = shape;
      return inOrder(flattened(at, member, element.traits.xmlName ?? "member")).map((item) =>
        read(item, element, constraint?.member),
      );
    }
    case "map": {
      const { key, value } = shape;
      const entries = inOrder(flattened(at, member, "entry")).map((entry): [string, unknown] => {
        const name = entry.children.get(key.traits.xmlName ?? "key")?.text;
        const given = entry.children.get(value.traits.xmlName ?? "value");
        if (name === undefined || given === undefined) throw serializationException();
        return [name, read(given, value, constraint?.value)];
      });
      return Object.fromEntries(entries);
    }
    default:
      return readScalarText(member, at.text ?? "", constraint);
  }
}

/** The node whose children are numbered: the member itself when flattened, else what stands between (`member`). */
function flattened(at: Node, member: Member, between: string): Node {
  return member.traits.xmlFlattened === 1 ? at : (at.children.get(between) ?? node());
}

function inOrder(at: Node): Node[] {
  return [...at.children].toSorted(([one], [other]) => Number(one) - Number(other)).map(([, child]) => child);
}
