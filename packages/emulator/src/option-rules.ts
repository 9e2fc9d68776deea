/** What a value must be, where it is not. */
export type Problem = string | undefined;

export const integer =
  (min: number, max: number) =>
  (value: unknown): Problem =>
    typeof value === "number" && Number.isInteger(value) && value >= min && value <= max
      ? undefined
      : `an integer from ${min} to ${max}`;

export const filledText = (value: unknown): Problem =>
  typeof value === "string" && value !== "" ? undefined : "a text that is not empty";

export const texts = (value: unknown): Problem =>
  Array.isArray(value) && value.every((item) => filledText(item) === undefined) ? undefined : "a list of texts";
