import type { Route } from "./protocol.ts";
import type { OperationSchema } from "./schema-registry.ts";

interface Branch {
  readonly fixed: Map<string, Branch>;
  label: Branch | undefined;
  /** The operations that end here, those that ask for a literal query first. */
  readonly ends: End[];
}

interface End {
  readonly operation: OperationSchema;
  readonly method: string;
  readonly query: readonly (readonly [name: string, value: string])[];
}

/** Finds the operation of a REST request by method, path and the literal part of the query. */
export class RestRouter {
  readonly #root: Branch = branch();

  constructor(operations: Iterable<OperationSchema>) {
    for (const operation of operations) this.#add(operation);
  }

  #add(operation: OperationSchema): void {
    if (operation.http === undefined) throw new Error(`${operation.name} has no REST binding`);
    const { method, uri } = operation.http;
    const [path = "", query = ""] = uri.split("?");
    let at = this.#root;
    for (const segment of segmentsOf(path)) {
      if (segment.endsWith("+}")) throw new Error(`${operation.name}: greedy labels are not supported`);
      at = segment.startsWith("{") ? (at.label ??= branch()) : child(at, segment);
    }
    at.ends.push({ operation, method, query: [...new URLSearchParams(query)] });
    at.ends.sort((one, other) => other.query.length - one.query.length);
  }

  /** The labels are in the order of the path, decoded: an ARN may come with its slashes encoded. */
  find(method: string, path: string, query: string): Route | undefined {
    return find(this.#root, segmentsOf(path), 0, [], method, query);
  }
}

/** Names of the labels in a URI pattern, in order. */
export function labelNames(uri: string): string[] {
  return [...uri.matchAll(/\{(\w+)\+?\}/gu)].map(([, name = ""]) => name);
}

function branch(): Branch {
  return { fixed: new Map(), label: undefined, ends: [] };
}

function child(parent: Branch, segment: string): Branch {
  const known = parent.fixed.get(segment);
  if (known !== undefined) return known;
  const added = branch();
  parent.fixed.set(segment, added);
  return added;
}

/** One slash at the end makes no difference: some SDKs send it. */
function segmentsOf(path: string): string[] {
  const end = path.endsWith("/") ? -1 : path.length;
  return path.slice(1, end).split("/");
}

function find(
  at: Branch,
  segments: readonly string[],
  index: number,
  labels: readonly string[],
  method: string,
  query: string,
): Route | undefined {
  const segment = segments[index];
  if (segment === undefined) {
    const end = at.ends.find((candidate) => candidate.method === method && asksFor(candidate.query, query));
    return end && { operation: end.operation, labels };
  }
  const next = at.fixed.get(segment);
  const found = next && find(next, segments, index + 1, labels, method, query);
  if (found !== undefined || at.label === undefined || segment === "") return found;
  const label = decodeLabel(segment);
  return label === undefined ? undefined : find(at.label, segments, index + 1, [...labels, label], method, query);
}

function asksFor(literals: End["query"], query: string): boolean {
  if (literals.length === 0) return true;
  const given = new URLSearchParams(query);
  return literals.every(([name, value]) => given.get(name) === value);
}

function decodeLabel(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
