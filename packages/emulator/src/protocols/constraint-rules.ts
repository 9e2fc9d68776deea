import type { Constraint } from "./constraint-table.ts";
import * as texts from "./constraint-texts.ts";
import { renderValue } from "./constraint-values.ts";
import type { Members } from "./protocol.ts";
import type { Shape } from "./shapes.ts";

/** What is wrong with one input. The path is kept as parts: it is joined only when something is wrong. */
export interface Findings {
  readonly path: (string | number)[];
  readonly found: string[];
}

export type Check = (value: unknown, findings: Findings) => void;

/** The rule for a value itself, one report for each constraint that it breaks. */
export function ruleOf(shape: Shape, constraint: Constraint | undefined, segment: string): Check | undefined {
  const breaks = breaksOf(shape, constraint);
  if (breaks.length === 0) return undefined;
  return (value, findings) => {
    for (const [broken, text] of breaks) {
      if (broken(value)) report(findings, segment, `'${renderValue(shape, value, constraint)}'`, text);
    }
  };
}

type Break = readonly [broken: (value: unknown) => boolean, text: string];

function breaksOf(shape: Shape, constraint: Constraint | undefined): readonly Break[] {
  if (constraint === undefined) return [];
  const { min, max, pattern, enum: values, t: type } = constraint;
  const breaks: Break[] = [];
  if (pattern !== undefined) {
    const expression = wholly(pattern);
    breaks.push([(value) => !expression.test(value as string), texts.matches(pattern)]);
  }
  const [size, least, greatest] = measureOf(shape);
  // A minimum of 0 for a length can not be broken.
  if (min !== undefined && (min > 0 || shape.kind === "number"))
    breaks.push([(value) => size(value) < min, least(min, type)]);
  if (max !== undefined) breaks.push([(value) => size(value) > max, greatest(max, type)]);
  if (values !== undefined) {
    const known = new Set<unknown>(values);
    breaks.push([(value) => !known.has(value), texts.oneOf(values)]);
  }
  return breaks;
}

type Measure = readonly [
  size: (value: unknown) => number,
  least: (min: number, type?: string) => string,
  greatest: (max: number, type?: string) => string,
];

function measureOf(shape: Shape): Measure {
  switch (shape.kind) {
    case "number":
      return [(value) => value as number, texts.leastValue, texts.greatestValue];
    case "map":
      return [(value) => Object.keys(value as Members).length, texts.leastLength, texts.greatestLength];
    default:
      return [(value) => (value as { readonly length: number }).length, texts.leastLength, texts.greatestLength];
  }
}

/** A list or a map whose parts have rules. */
interface Container {
  readonly shape: Shape;
  readonly constraint: Constraint | undefined;
  readonly partsNotNull: boolean;
}

/** One report for the whole container when any of its elements, keys or values breaks any of the constraints. */
export function anyOf(
  shape: Shape,
  constraint: Constraint | undefined,
  segment: string,
  container: Container,
  start: string,
) {
  const breaks = shape.kind === "structure" ? [] : breaksOf(shape, constraint);
  if (constraint === undefined || breaks.length === 0) return undefined;
  const text = `${start}: ${texts.allOf(constraint, shape.kind === "number", container.partsNotNull)}`;
  return (value: unknown, parts: readonly unknown[], findings: Findings): void => {
    if (parts.some((part) => breaks.some(([broken]) => broken(part)))) {
      report(findings, segment, `'${renderValue(container.shape, value, container.constraint)}'`, text);
    }
  };
}

/** Java's `matches` takes the whole value. A few patterns are no expressions under the `u` flag. */
function wholly(pattern: string): RegExp {
  const source = `^(?:${pattern})$`;
  try {
    return new RegExp(source, "u");
  } catch {
    return new RegExp(source);
  }
}

/**
 * `records.1.member.partitionKey`: an index, or the key of a map, is followed by `member`.
 */
export function report(findings: Findings, segment: string, value: string, text: string): void {
  const path = [...findings.path, segment].join(".");
  findings.found.push(`Value ${value} at '${path}' failed to satisfy constraint: ${text}`);
}

/** Paths have the first letter of each member in lower case, whatever follows: `streamARN`, `kMSKeyArn`. */
export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
