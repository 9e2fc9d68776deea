import type { Scalar } from "./json.ts";

/** One entry of a field's array in a pattern: what the field may be. */
export type FieldTest =
  | { readonly kind: "value"; readonly accepts: ValueTest }
  /** Met where the field has no value at all. */
  | { readonly kind: "absent" };

export type ValueTest = (value: Scalar) => boolean;
