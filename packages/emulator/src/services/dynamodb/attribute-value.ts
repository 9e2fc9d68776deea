import { isDeepStrictEqual } from "node:util";

/** A JSON object as it came in or goes out: nobody but dynalite looks at most of it. */
export interface JsonObject {
  readonly [member: string]: unknown;
}

/** An attribute's value as AWS writes it in JSON: numbers are texts, bytes are in base64. */
export type AttributeValue = {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
  readonly BS?: readonly string[];
  readonly M?: Item;
  readonly L?: readonly AttributeValue[];
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
};

/** Attributes by name. */
export interface Item {
  readonly [name: string]: AttributeValue;
}

/** Whether two items have the same attributes; neither their order matters, nor that within a set. */
export function isSameItem(a: Item, b: Item): boolean {
  return isDeepStrictEqual(ordered({ M: a }), ordered({ M: b }));
}

/** A value with its sets in one order. */
function ordered(value: AttributeValue): AttributeValue {
  const { SS, NS, BS, M, L } = value;
  if (SS !== undefined) return { SS: SS.toSorted() };
  if (NS !== undefined) return { NS: NS.toSorted() };
  if (BS !== undefined) return { BS: BS.toSorted() };
  if (L !== undefined) return { L: L.map(ordered) };
  if (M === undefined) return { ...value };
  return { M: Object.fromEntries(Object.entries(M).map(([name, member]) => [name, ordered(member)])) };
}

/** AWS: how items are measured, names and values in bytes (AWS docs). */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes({ S, N, B, SS, NS, BS, M, L }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return numberBytes(N);
  if (B !== undefined) return Buffer.byteLength(B, "base64");
  if (SS !== undefined) return total(SS, (text) => Buffer.byteLength(text));
  if (NS !== undefined) return total(NS, numberBytes);
  if (BS !== undefined) return total(BS, (bytes) => Buffer.byteLength(bytes, "base64"));
  // AWS: a list or map has 3 bytes, and 1 for each of its values (AWS docs).
  if (M !== undefined) return 3 + Object.keys(M).length + itemBytes(M);
  if (L !== undefined) return 3 + L.length + total(L, valueBytes);
  return 1;
}

/** AWS: about a byte for two significant digits, and one more; a sign has one as well (AWS docs). */
function numberBytes(text: string): number {
  const [mantissa = ""] = text.toLowerCase().split("e");
  const digits = mantissa.replace(/^[-+]/, "").replace(".", "").replace(/^0+/, "").replace(/0+$/, "");
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith("-") ? 1 : 0);
}

function total<Value>(values: readonly Value[], bytesOf: (value: Value) => number): number {
  return values.reduce((sum, value) => sum + bytesOf(value), 0);
}
