import { existsSync, readFileSync } from "node:fs";
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
    const links = [...page.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = ""]) => link);
    expect(links.filter((link) => !isThere(link, path))).toEqual([]);
  });
});

function isThere(link: string, from: string): boolean {
  const page = new URL(`../../${from}`, import.meta.url);
  const target = new URL(link, page);
  const file = fileURLToPath(new URL(target.pathname, page));
  if (!existsSync(file)) return false;
  return target.hash === "" || anchorsOf(readFileSync(file, "utf8")).includes(target.hash);
}

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
