/** How often functions have been invoked in one chain of requests, as the field `Lineage` of a trace header tells it. */
export interface Lineage {
  /** How often this function was, before this time. */
  readonly invocations: number;
  /** The trace header with this time counted: what the function passes on with its own calls. */
  readonly header: string;
}

// AWS: a function is stopped at about its 16th time (AWS docs, recursive loop detection).
export const longestLoop = 16;

const fieldPattern = /(?:^|;)\s*Lineage=([^;]*)/;

/**
 * Counts an invocation of the function that `hash` stands for: eight hex digits.
 * Assumed: the form `Lineage=1:a87bd80c:0`, and one such pair for each further function, parted by `|`.
 */
export function countInvocation(traceHeader: string | undefined, hash: string): Lineage {
  const field = traceHeader === undefined ? undefined : fieldPattern.exec(traceHeader)?.[1];
  const counts = new Map<string, number>();
  for (const pair of field?.slice(field.indexOf(":") + 1).split("|") ?? []) {
    const [name = "", count = ""] = pair.split(":");
    if (/^[\da-f]{8}$/.test(name) && /^\d{1,6}$/.test(count)) counts.set(name, Number(count));
  }
  const before = counts.get(hash);
  const invocations = before === undefined ? 0 : before + 1;
  counts.set(hash, invocations);
  const others = (traceHeader ?? "").replace(fieldPattern, "").replace(/^;/, "");
  const lineage = `Lineage=1:${[...counts].map(([name, count]) => `${name}:${count}`).join("|")}`;
  return { invocations, header: others === "" ? lineage : `${others};${lineage}` };
}
