import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { parseAst } from "vitest/node";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A source file of the repository and what its syntax tree says. */
export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  /** Line numbers of `x as T` other than `as const`, and of `<T>x`. */
  readonly assertions: readonly number[];
  /** Members of the global `process` that are used, e.g. `env`. */
  readonly processMembers: ReadonlySet<string>;
}

export interface Import {
  /** A file of the repository by its path, else the module's name as it is written. */
  readonly target: string;
  /** `import type` and `export type`, and types in the form of `import("…").T`: nothing is loaded for them. */
  readonly typeOnly: boolean;
  /** `import("…")` as an expression: loaded when it is reached. */
  readonly dynamic: boolean;
}

/** Paths of all source files in the repository, built ones excepted. */
export function sourcePaths(): string[] {
  const inFolders = ["packages", "test", "container-image"].flatMap((folder) => [...filesUnder(folder)]);
  const atTop = readdirSync(root).filter((name) => isSource(name));
  return [...atTop, ...inFolders].toSorted();
}

export function readText(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

export function entriesOf(folder: string): string[] {
  return readdirSync(join(root, folder)).toSorted();
}

export function readSource(path: string): SourceFile {
  const text = readText(path);
  const imports: Import[] = [];
  const assertions: number[] = [];
  const processMembers = new Set<string>();
  for (const node of nodesOf(parseAst(text, { lang: path.endsWith(".ts") ? "ts" : "js", astType: "ts" }))) {
    const imported = importOf(node, path);
    if (imported !== undefined) imports.push(imported);
    if (isAssertion(node) && typeof node["start"] === "number") assertions.push(lineAt(text, node["start"]));
    const member = processMember(node);
    if (member !== undefined) processMembers.add(member);
  }
  return { path, text, imports, assertions, processMembers };
}

type Node = Readonly<Record<string, unknown>>;

function* nodesOf(value: unknown): Generator<Node, void> {
  if (Array.isArray(value)) {
    for (const item of value) yield* nodesOf(item);
  } else if (isNode(value)) {
    if (typeof value["type"] === "string") yield value;
    for (const child of Object.values(value)) yield* nodesOf(child);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}

function importOf(node: Node, path: string): Import | undefined {
  const source = node["source"];
  if (!isNode(source) || typeof source["value"] !== "string") return undefined;
  const { value: specifier } = source;
  const target = specifier.startsWith(".") ? join(dirname(path), specifier) : specifier;
  const typeOnly =
    node["type"] === "TSImportType" ||
    node["importKind"] === "type" ||
    node["exportKind"] === "type" ||
    everySpecifierIsType(node["specifiers"]);
  return { target, typeOnly, dynamic: node["type"] === "ImportExpression" };
}

function everySpecifierIsType(specifiers: unknown): boolean {
  if (!Array.isArray(specifiers) || specifiers.length === 0) return false;
  return specifiers.every(
    (specifier) => isNode(specifier) && (specifier["importKind"] === "type" || specifier["exportKind"] === "type"),
  );
}

function isAssertion(node: Node): boolean {
  if (node["type"] === "TSTypeAssertion") return true;
  if (node["type"] !== "TSAsExpression") return false;
  const type = node["typeAnnotation"];
  const name = isNode(type) ? type["typeName"] : undefined;
  return !(isNode(name) && name["name"] === "const");
}

function processMember(node: Node): string | undefined {
  const { object, property } = node;
  if (node["type"] !== "MemberExpression" || !isNode(object) || !isNode(property)) return undefined;
  return object["name"] === "process" && typeof property["name"] === "string" ? property["name"] : undefined;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function* filesUnder(folder: string): Generator<string, void> {
  let entries;
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    // A folder of the plan that is not there yet holds no sources.
    return;
  }
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() && !["node_modules", "dist", ".turbo"].includes(entry.name)) yield* filesUnder(path);
    else if (isSource(entry.name)) yield path;
  }
}

function isSource(name: string): boolean {
  return /\.[cm]?[jt]s$/.test(name);
}
