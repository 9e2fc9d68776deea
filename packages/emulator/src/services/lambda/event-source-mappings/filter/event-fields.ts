import { isArray, isObject } from "./json.ts";
import type { Json, Scalar } from "./json.ts";

/** A value of an event, and the array elements that it lies in. */
export interface EventValue {
  readonly value: Scalar;
  readonly elements: readonly ArrayElement[];
}

export interface ArrayElement {
  readonly array: readonly Json[];
  readonly index: number;
}

/** The paths that are asked for, as a tree of their names. */
export interface PathTree {
  readonly children: Map<string, PathTree>;
  /** Set where a path ends. */
  path: string | undefined;
}

export function pathTreeOf(paths: Iterable<string>): PathTree {
  const root: PathTree = { children: new Map(), path: undefined };
  for (const path of paths) {
    let node = root;
    for (const name of path.split(".")) {
      let child = node.children.get(name);
      if (child === undefined) {
        child = { children: new Map(), path: undefined };
        node.children.set(name, child);
      }
      node = child;
    }
    node.path = path;
  }
  return root;
}

/** The values of an event at the paths of a tree; a path without a value is left out. */
export function eventFields(event: Json, tree: PathTree): ReadonlyMap<string, readonly EventValue[]> {
  const found = new Map<string, EventValue[]>();
  collect(event, tree, [], found);
  return found;
}

function collect(
  value: Json,
  node: PathTree,
  elements: readonly ArrayElement[],
  found: Map<string, EventValue[]>,
): void {
  if (isArray(value)) {
    for (const [index, element] of value.entries()) {
      collect(element, node, [...elements, { array: value, index }], found);
    }
  } else if (isObject(value)) {
    if (node.children.size === 0) return;
    for (const [key, member] of Object.entries(value)) {
      const child = descend(node, key);
      if (child !== undefined) collect(member, child, elements, found);
    }
  } else if (node.path !== undefined) {
    const values = found.get(node.path);
    if (values === undefined) found.set(node.path, [{ value, elements }]);
    else values.push({ value, elements });
  }
}

/** AWS: a dot in a key is the same as nesting (recorded on AWS). */
function descend(node: PathTree, key: string): PathTree | undefined {
  if (!key.includes(".")) return node.children.get(key);
  return key.split(".").reduce<PathTree | undefined>((at, name) => at?.children.get(name), node);
}
