import type { Members } from "./protocol.ts";
import { writeScalarText } from "./scalar-text.ts";
import type { Member, StructureShape } from "./shapes.ts";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#xD;",
};

/** An element around text. */
export function textElement(name: string, text: string): string {
  return `<${name}>${text.replace(/[&<>"\r]/gu, (character) => escapes[character] ?? character)}</${name}>`;
}

/** The members of a structure as elements, without one around them. */
export function writeXmlMembers(shape: StructureShape, value: Members): string {
  return shape.members
    .map((member) => {
      const given = value[member.name];
      return given === undefined || given === null ? "" : write(member, member.traits.xmlName ?? member.name, given);
    })
    .join("");
}

function write(member: Member, name: string, value: unknown): string {
  const { shape } = member;
  switch (shape.kind) {
    case "structure":
      return `<${name}>${writeXmlMembers(shape, value as Members)}</${name}>`;
    case "list": {
      const flat = member.traits.xmlFlattened === 1;
      const elementName = flat ? name : (shape.element.traits.xmlName ?? "member");
      const elements = (value as readonly unknown[]).map((each) => write(shape.element, elementName, each)).join("");
      return flat ? elements : `<${name}>${elements}</${name}>`;
    }
    case "map": {
      const flat = member.traits.xmlFlattened === 1;
      const entryName = flat ? name : "entry";
      const entries = Object.entries(value as Members).map(([key, each]) => {
        const keyElement = textElement(shape.key.traits.xmlName ?? "key", key);
        return `<${entryName}>${keyElement}${write(shape.value, shape.value.traits.xmlName ?? "value", each)}</${entryName}>`;
      });
      return flat ? entries.join("") : `<${name}>${entries.join("")}</${name}>`;
    }
    default:
      return textElement(name, writeScalarText(shape.kind, value, member.traits.timestampFormat ?? "date-time"));
  }
}
