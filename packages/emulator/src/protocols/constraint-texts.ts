import type { Constraint } from "./constraint-table.ts";
import { renderNumber } from "./constraint-values.ts";

// AWS: texts recorded from Kinesis by kinesalite's suite.

export const notNull = "Member must not be null";

export function leastValue(min: number, type?: string): string {
  return `Member must have value greater than or equal to ${renderNumber(min, type)}`;
}

export function greatestValue(max: number, type?: string): string {
  return `Member must have value less than or equal to ${renderNumber(max, type)}`;
}

export function leastLength(min: number): string {
  return `Member must have length greater than or equal to ${min}`;
}

export function greatestLength(max: number): string {
  return `Member must have length less than or equal to ${max}`;
}

export function matches(pattern: string): string {
  return `Member must satisfy regular expression pattern: ${pattern}`;
}

export function oneOf(values: readonly string[]): string {
  return `Member must satisfy enum value set: [${values.join(", ")}]`;
}

/** All that holds for an element, a key or a value, as AWS lists it when one of them breaks any of it. */
export function allOf(constraint: Constraint, numeric: boolean, partsNotNull: boolean): string {
  const { min, max, pattern, t: type } = constraint;
  const texts: string[] = [];
  if (max !== undefined) texts.push(numeric ? greatestValue(max, type) : greatestLength(max));
  if (min !== undefined) texts.push(numeric ? leastValue(min, type) : leastLength(min));
  if (pattern !== undefined) texts.push(matches(pattern));
  if (constraint.enum !== undefined) texts.push(oneOf(constraint.enum));
  if (partsNotNull) texts.push(notNull);
  return `[${texts.join(", ")}]`;
}
