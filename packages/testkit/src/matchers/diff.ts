import { type Equals, isAsymmetric, isPlainObject, matches } from "./match.ts";
import { show, showKey } from "./show.ts";

/** What is missing from data, by line: `- ` expected, `+ ` found, two spaces before what agrees. */
export function diffLines(expected: unknown, actual: unknown, equals: Equals): readonly string[] {
  if (matches(expected, actual, equals)) return [`  ${show(actual)}`];
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    const lines = expected.flatMap((item: unknown, index) => diffLines(item, actual[index], equals));
    return ["  [", ...lines.flatMap(inside), "  ]"];
  }
  if (isAsymmetric(expected) || !isPlainObject(expected) || !isPlainObject(actual)) {
    return [`- ${show(expected)}`, `+ ${show(actual)}`];
  }
  const lines: string[] = ["  {"];
  for (const [key, value] of Object.entries(expected)) {
    const [first = "", ...rest] = diffLines(value, actual[key], equals);
    const missing = !(key in actual) && rest.length === 1;
    lines.push(...inside(`${first.slice(0, 2)}${showKey(key)}: ${first.slice(2)}`));
    // The `+` line of a leaf repeats the key; the lines of an object go on below it.
    if (rest.length === 1 && !missing) {
      lines.push(...rest.flatMap((line) => inside(`${line.slice(0, 2)}${showKey(key)}: ${line.slice(2)}`)));
    } else if (!missing) lines.push(...rest.flatMap(inside));
  }
  const others = Object.keys(actual).filter((key) => !(key in expected)).length;
  if (others > 0) lines.push(`    … ${others} more`);
  lines.push("  }");
  return lines;
}

function inside(line: string): readonly string[] {
  return [`${line.slice(0, 2)}  ${line.slice(2)}`];
}
