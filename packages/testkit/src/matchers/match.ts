/** A runner's deep equality, asymmetric matchers included. */
export type Equals = (actual: unknown, expected: unknown) => boolean;

/** What `expect.objectContaining(…)` and its like are, in every runner. */
export interface AsymmetricMatcher {
  asymmetricMatch(actual: unknown): boolean;
}

/**
 * What data must be like: an object that is contained in it (at every depth; arrays have the same length), a value that equals
 * it, an asymmetric matcher such as `expect.stringMatching(/x/)`, or a predicate. These may be nested.
 */
export type Match<Data = unknown> =
  | ((data: Data) => boolean)
  | AsymmetricMatcher
  | object
  | string
  | number
  | boolean
  | null;

/** Whether data is like `expected`. A predicate that throws does not match: it meets records that it was not written for. */
export function matches(expected: unknown, actual: unknown, equals: Equals): boolean {
  if (isPredicate(expected)) return attempt(expected, actual) === true;
  if (isAsymmetric(expected)) return expected.asymmetricMatch(actual);
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item, index) => matches(item, actual[index], equals))
    );
  }
  if (!isPlainObject(expected)) return equals(actual, expected);
  if (!isPlainObject(actual)) return false;
  return Object.entries(expected).every(([key, value]) => matches(value, actual[key], equals));
}

/** How much of `expected` is in data: a measure to find the nearest miss by. */
export function likeness(expected: unknown, actual: unknown, equals: Equals): number {
  if (matches(expected, actual, equals)) return 1;
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const likely = expected.map((item) => Math.max(0, ...actual.map((found) => likeness(item, found, equals))));
    return share(likely) / 2;
  }
  if (isAsymmetric(expected) || !isPlainObject(expected) || !isPlainObject(actual)) return 0;
  // Half for having the key at all, half for its value; less than 1 in any case.
  const likely = Object.entries(expected).map(([key, value]) =>
    key in actual ? 0.5 + likeness(value, actual[key], equals) / 2 : 0,
  );
  return share(likely);
}

/** The error that a predicate threw, if it did. */
export function problemOf(expected: unknown, actual: unknown): Error | undefined {
  const result = isPredicate(expected) ? attempt(expected, actual) : undefined;
  return result instanceof Error ? result : undefined;
}

export function isAsymmetric(value: unknown): value is AsymmetricMatcher {
  return (
    typeof value === "object" &&
    value !== null &&
    "asymmetricMatch" in value &&
    typeof value.asymmetricMatch === "function"
  );
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Not by identity with Object.prototype: under some runners a test's objects come from another realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isPredicate(value: unknown): value is (data: unknown) => unknown {
  return typeof value === "function";
}

function attempt(predicate: (data: unknown) => unknown, actual: unknown): boolean | Error {
  try {
    return Boolean(predicate(actual));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function share(likely: readonly number[]): number {
  return likely.length === 0 ? 0 : likely.reduce((sum, value) => sum + value, 0) / likely.length;
}
