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

const listLike =
  (pattern: RegExp, what: string) =>
  (value: unknown): Problem =>
    Array.isArray(value) && value.every((item) => typeof item === "string" && pattern.test(item)) ? undefined : what;

/** As browsers write them, in lower case and without a path: any other would never be met. */
export const origins = listLike(
  /^([a-z][a-z\d+.-]*:\/\/[^\s/?#A-Z]+|null)$/,
  "a list of origins such as https://app.example",
);

/** As they are compared, without scheme and port. */
export const hostNames = listLike(/^([\w.-]+|\[[\da-f:.]+\])$/i, "a list of host names without a port");

/** `import` looks for packages in directories of that name alone. */
export const nodeModules = listLike(
  /^\/(?:.*\/)?node_modules$/,
  "a list of absolute paths of node_modules directories",
);

export const runtimeImages = (value: unknown): Problem => {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  const isRight = isMap
    ? Object.values(value).every((image) => filledText(image) === undefined)
    : typeof value === "string" && value.includes("<runtime>") && !value.includes("{");
  return isRight ? undefined : "a name with <runtime> in it, or an object of image names by runtime";
};

export const httpUrl = (value: unknown): Problem => {
  const url = typeof value === "string" ? URL.parse(value) : null;
  const isRight = /^https?:$/.test(url?.protocol ?? "") && url?.username === "" && url.password === "";
  return isRight ? undefined : "an HTTP URL without a user";
};

export const keysAndSecrets = (value: unknown): Problem =>
  Array.isArray(value) && value.every((one) => /^[^:/\s]+:.+$/.test(String(one))) ? undefined : "a list of key:secret";

/** Tells what an option cannot be, in a line that may be seen by anybody. */
export function wrongValue(source: string, name: string, problem: string, value: unknown): string {
  const must = `${source} must be ${problem}`;
  if (name === "credentials") return must;
  return `${must}, not ${JSON.stringify(value).replace(/\/\/[^/?#"]*@/, "//…@")}`;
}

/** Options as anybody may see them: of credentials the keys alone. */
export function withoutSecrets<Options extends { readonly credentials?: readonly string[] }>(given: Options): Options {
  if (given.credentials === undefined) return given;
  return { ...given, credentials: given.credentials.map((text) => text.slice(0, text.indexOf(":"))) };
}
