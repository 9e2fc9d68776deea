import type { ValueTest } from "../field-test.ts";
import { FilterPatternError } from "../filter-pattern-error.ts";
import type { Json } from "../json.ts";
import { textOf } from "./text.ts";

/** Assumed: how many wildcards may be followed by the same character. Five were refused on AWS (recorded on AWS). */
const mostAlike = 4;

/** `{"wildcard": "a*b"}`: `*` is any text, `\*` an asterisk and `\\` a backslash. */
export function wildcardTest(operand: Json): ValueTest {
  const pieces = piecesOf(textOf(operand, "wildcard match pattern must be a string"));
  const [first = "", ...others] = pieces;
  const last = others.pop();
  return (value) => {
    if (typeof value !== "string") return false;
    if (last === undefined) return value === first;
    if (!value.startsWith(first) || !value.endsWith(last)) return false;
    const end = value.length - last.length;
    let from = first.length;
    // The earliest place for each piece leaves the most room for those after it.
    for (const piece of others) {
      const found = value.indexOf(piece, from);
      if (found === -1) return false;
      from = found + piece.length;
    }
    return from <= end;
  };
}

/** The texts between the wildcards. */
function piecesOf(operand: string): readonly string[] {
  const pieces: string[] = [];
  let piece = "";
  for (let index = 0; index < operand.length; index++) {
    const character = operand.charAt(index);
    const next = operand.charAt(index + 1);
    if (character === "*") {
      if (next === "*") throw new FilterPatternError(`Consecutive wildcard characters at pos ${place(operand, index)}`);
      pieces.push(piece);
      piece = "";
    } else if (character === "\\") {
      if (next !== "*" && next !== "\\") {
        throw new FilterPatternError(`Invalid escape character at pos ${place(operand, index)}`);
      }
      piece += next;
      index++;
    } else {
      piece += character;
    }
  }
  pieces.push(piece);
  refuseComplexity(pieces);
  return pieces;
}

/** AWS: a place counts bytes, and the quotation mark before the text (recorded on AWS). */
function place(operand: string, index: number): number {
  return 1 + Buffer.byteLength(operand.slice(0, index));
}

function refuseComplexity(pieces: readonly string[]): void {
  const timesOf = new Map<string, number>();
  for (const piece of pieces.slice(1)) {
    const start = piece.charAt(0);
    const times = (timesOf.get(start) ?? 0) + 1;
    timesOf.set(start, times);
    if (start === "" || times <= mostAlike) continue;
    throw new FilterPatternError(
      "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character",
    );
  }
}
