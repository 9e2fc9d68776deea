/** What an option must be, where it is something else. */
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

export const runtimeImages = (value: unknown): Problem => {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  const isRight = isMap
    ? Object.values(value).every((image) => filledText(image) === undefined)
    : typeof value === "string" && value.includes("<runtime>") && !value.includes("{");
  return isRight ? undefined : "a name with <runtime> in it, or an object of image names by runtime";
};
