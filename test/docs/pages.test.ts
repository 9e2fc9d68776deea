import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { pages, read, snippetsOf, withSources } from "./pages.ts";

/** What is typed into a shell, or what it answers, is no code that a test could run. */
const notRun = new Set(["sh", "json", "text"]);

describe.each(pages)("%s", (path) => {
  const page = read(path);

  test("shows code as the tests that run it have it", async () => {
    await expect(withSources(page)).toMatchFileSnapshot(`../../${path}`);
  });

  test("has no code that no test runs", () => {
    const ownWords = snippetsOf(page).filter(({ language, source }) => source === undefined && !notRun.has(language));
    expect(ownWords.map(({ text }) => text)).toEqual([]);
  });

  test("links to files and headings that are there", () => {
    const links = [...page.matchAll(/\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)/g)];
    for (const [link, target = "", anchor] of links) {
      const file = new URL(`../../${path}`, import.meta.url);
      const url = target === "" ? file : new URL(target, file);
      expect(existsSync(fileURLToPath(url)), link).toBe(true);
      if (anchor === undefined || !url.pathname.endsWith(".md")) continue;
      expect(anchorsOf(read(fileURLToPath(url))), link).toContain(anchor);
    }
  });
});

/** As GitHub makes them of headings. */
function anchorsOf(page: string): readonly string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(
    ([, heading = ""]) =>
      `#${heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-")}`,
  );
}
