/** A JSON value, as JSON.parse gives it. */
export type Json = Scalar | readonly Json[] | JsonObject;

export type Scalar = string | number | boolean | null;

export interface JsonObject {
  readonly [key: string]: Json;
}

export function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !isArray(value);
}
