import { isPlainObject } from "./matchers/match.ts";

/** An attribute's value as JavaScript has it: numbers as numbers, or as bigint where they are too large for one; sets as Set. */
export type PlainValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | ReadonlySet<string | number | bigint | Uint8Array>
  | readonly PlainValue[]
  | { readonly [name: string]: PlainValue | undefined };

/** Attributes by name; those that are undefined are left out. */
export type PlainItem = { readonly [name: string]: PlainValue | undefined };

/** An item as DynamoDB's API has it in JSON. */
export type AttributeMap = Readonly<Record<string, object>>;

export function attributesOf(item: PlainItem): AttributeMap {
  const entries = Object.entries(item).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, attribute(value)]],
  );
  return Object.fromEntries(entries);
}

function attribute(value: PlainValue): object {
  if (value === null) return { NULL: true };
  if (typeof value === "string") return { S: value };
  if (typeof value === "number" || typeof value === "bigint") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString("base64") };
  if (value instanceof Set) return setAttribute([...value]);
  if (Array.isArray(value)) return { L: value.map(attribute) };
  return { M: attributesOf(Object.fromEntries(Object.entries(value))) };
}

function setAttribute(members: readonly (string | number | bigint | Uint8Array)[]): object {
  const [first] = members;
  if (first instanceof Uint8Array) {
    return {
      BS: members.map((member) =>
        Buffer.from(member instanceof Uint8Array ? member : String(member)).toString("base64"),
      ),
    };
  }
  return typeof first === "string" ? { SS: members.map(String) } : { NS: members.map(String) };
}

/** An item of DynamoDB's API as plain values; undefined where it is none. */
export function plainItem(item: unknown): PlainItem | undefined {
  if (!isPlainObject(item)) return undefined;
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): PlainValue {
  if (!isPlainObject(value)) return null;
  const [entry] = Object.entries(value);
  const [type, content] = entry ?? ["NULL", true];
  const list: readonly unknown[] = Array.isArray(content) ? content : [];
  switch (type) {
    case "S":
      return String(content);
    case "N":
      return plainNumber(String(content));
    case "BOOL":
      return content === true;
    case "B":
      return plainBytes(content);
    case "SS":
      return new Set(list.map(String));
    case "NS":
      return new Set(list.map((member) => plainNumber(String(member))));
    case "BS":
      return new Set(list.map(plainBytes));
    case "L":
      return list.map(plainValue);
    case "M":
      return plainItem(content) ?? {};
    default:
      return null;
  }
}

function plainNumber(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(text) ? number : BigInt(text);
}

function plainBytes(base64: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(String(base64), "base64"));
}
