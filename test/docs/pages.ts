import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const repository = new URL("../../", import.meta.url);

/** The pages of the documentation, by their paths in the repository. */
export const pages: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(fileURLToPath(new URL("packages", repository))).map((name) => `packages/${name}/README.md`),
  ...readdirSync(fileURLToPath(new URL("docs", repository)), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file.replaceAll("\\", "/")}`),
];

/** A file of the repository. */
export function read(path: string): string {
  return readFileSync(new URL(path, repository), "utf8");
}

/** A fenced block: what it is written in, what it holds, and the comment before it, which names where it comes from. */
export interface Snippet {
  readonly language: string;
  readonly text: string;
  readonly source: string | undefined;
}

const fenced = /(?:<!-- ([^\n]+) -->\n)?```(\w+)\n([^]*?)```$/gm;

export function snippetsOf(page: string): readonly Snippet[] {
  return [...page.matchAll(fenced)].map(([, source, language = "", text = ""]) => ({ language, text, source }));
}

/** The page with each block that names its source as that has it. Throws an Error for a source that is not there. */
export function withSources(page: string): string {
  return page.replaceAll(fenced, (block, source: string | undefined, language: string) =>
    source === undefined ? block : `<!-- ${source} -->\n\`\`\`${language}\n${regionOf(source)}\`\`\``,
  );
}

/**
 * `path#name` is what stands between `#region name` and `#endregion`, of all regions of that name one after the other; `path`
 * alone is the whole file.
 */
function regionOf(source: string): string {
  const [path = "", name] = source.split("#");
  const text = read(path);
  if (name === undefined) return text;
  const regions = [...text.matchAll(new RegExp(`#region ${name}\\n([^]*?)\\n[^\\n]*#endregion`, "g"))];
  if (regions.length === 0) throw new Error(`${path} has no region ${name}`);
  return regions.map(([, region = ""]) => `${dedented(region)}\n`).join("");
}

function dedented(text: string): string {
  const lines = text.split("\n");
  const indents = lines.flatMap((line) => (line === "" ? [] : [line.length - line.trimStart().length]));
  return lines.map((line) => line.slice(Math.min(...indents))).join("\n");
}
