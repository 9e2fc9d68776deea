import { isAsymmetric, isPlainObject } from "./match.ts";

const longestText = 200;

/** A value in one line, shortened: the texts of failures are compared in tests, so no runner's or platform's printer is used. */
export function show(value: unknown): string {
  const text = print(value, 0);
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}

function print(value: unknown, depth: number): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return value.toString().replaceAll(/\s+/g, " ");
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Uint8Array) return printBytes(value);
  if (value instanceof Date || value instanceof RegExp || value instanceof Error) return String(value);
  if (isAsymmetric(value)) return printAsymmetric(value);
  if (depth > 6) return "…";
  if (Array.isArray(value)) return `[${value.map((item) => print(item, depth + 1)).join(", ")}]`;
  const entries = Object.entries(value).map(([key, item]) => `${showKey(key)}: ${print(item, depth + 1)}`);
  const body = entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  return isPlainObject(value) ? body : `${nameOf(value)} ${body}`;
}

/** An object's key as it would be written in a literal. */
export function showKey(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

function printBytes(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 16)).toString("hex");
  return `<${bytes.length} bytes: ${head}${bytes.length > 16 ? "…" : ""}>`;
}

function printAsymmetric(matcher: object): string {
  if ("toAsymmetricMatcher" in matcher && typeof matcher.toAsymmetricMatcher === "function") {
    return String(matcher.toAsymmetricMatcher()).replaceAll(/\s+/g, " ");
  }
  return nameOf(matcher);
}

function nameOf(value: object): string {
  return value.constructor?.name ?? "object";
}
