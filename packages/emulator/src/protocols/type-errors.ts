import { serializationException } from "./errors.ts";
import type { AwsError } from "./errors.ts";

const javaNumber = "com.amazon.coral.value.json.numbers.TruncatingBigNumber";

/** A scalar was declared. AWS: texts of every type below as kinesalite's suite recorded them from Kinesis. */
export function notScalar(value: unknown, target: string): AwsError {
  if (Array.isArray(value)) return serializationException("Start of list found where not expected");
  if (typeof value === "object") return serializationException("Start of structure or map found where not expected.");
  return serializationException(`class ${javaClass(value)} can not be converted to ${target}`);
}

export function notList(value: unknown): AwsError {
  return serializationException(
    typeof value === "object" ? "Start of structure or map found where not expected." : "Expected list or null",
  );
}

export function notMap(value: unknown): AwsError {
  return serializationException(
    typeof value === "object" ? "Start of list found where not expected" : "Expected map or null",
  );
}

export function notStructure(value: unknown): AwsError {
  return serializationException(typeof value === "object" ? "Start of list found where not expected" : "Expected null");
}

export function notBase64(text: string, reason: string): AwsError {
  return serializationException(`'${text}' can not be converted to a Blob: ${reason}`);
}

function javaClass(value: unknown): string {
  if (typeof value === "boolean") return "java.lang.Boolean";
  return typeof value === "number" ? javaNumber : "java.lang.String";
}
