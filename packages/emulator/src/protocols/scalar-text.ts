import type { Constraint } from "./constraint-table.ts";
import { readerOfNumber } from "./document-reader.ts";
import { serializationException } from "./errors.ts";
import type { Member, ScalarShape, TimestampFormat } from "./shapes.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { notScalar } from "./type-errors.ts";

/** Reads a value that came as text: in a path, a query, a header or a form. Assumed: type errors are worded as in JSON. */
export function readScalarText(member: Member, text: string, constraint: Constraint | undefined): unknown {
  const { shape } = member;
  switch (shape.kind) {
    case "string":
      return text;
    case "number":
      return readerOfNumber(constraint)(/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/u.test(text) ? Number(text) : text);
    case "boolean":
      if (text !== "true" && text !== "false") {
        throw serializationException(`'${text.toUpperCase()}' can not be converted to an Boolean`);
      }
      return text === "true";
    case "timestamp":
      return readTimestampText(text);
    case "blob":
      return decodeBase64(text);
    default:
      throw new Error(`${member.name} is a ${shape.kind}, which has no text form`);
  }
}

function readTimestampText(text: string): Date {
  const milliseconds = /^-?\d+(\.\d+)?$/u.test(text) ? Math.round(Number(text) * 1000) : Date.parse(text);
  if (Number.isNaN(milliseconds)) throw notScalar(text, "milliseconds since epoch");
  return new Date(milliseconds);
}

/** Text of a scalar for a header or an XML element. */
export function writeScalarText(kind: ScalarShape["kind"], value: unknown, format: TimestampFormat): string {
  if (kind === "blob") return encodeBase64(value as Uint8Array);
  return kind === "timestamp" ? writeTimestampText(value as Date, format) : String(value);
}

function writeTimestampText(date: Date, format: TimestampFormat): string {
  switch (format) {
    case "http-date":
      return date.toUTCString();
    case "epoch-seconds":
      return String(date.getTime() / 1000);
    default:
      return date.toISOString().replace(".000Z", "Z");
  }
}
