import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const options = read("packages/emulator/src/options.ts");
const retired = read("packages/emulator/src/command-line/retired-variables.ts");
const page = read("docs/migrating-from-localstack.md");

test("the migration page lists LocalStack's variables", async () => {
  const works = [...options.matchAll(/^ {2}((?!LOCALEMU_)[A-Z][A-Z_]+): "(\w+)",$/gm)].map(
    ([, variable, option]) => `| \`${variable}\` | works: [\`${option}\`](configuration.md) |`,
  );
  const useless = [...retired.matchAll(/^ {2}([A-Z][A-Z_]+): "(.*)",$/gm)].map(
    ([, variable, hint]) => `| \`${variable}\` | has no effect, and says so${hint === "" ? "" : `: ${hint}`} |`,
  );
  expect(works).not.toEqual([]);
  expect(useless).not.toEqual([]);
  const table = ["", "| variable | |", "|---|---|", ...works, ...useless, "", ""].join("\n");
  await expect(page.replace(/(?<=<!-- variables: .* -->\n)[^]*(?=<!-- \/variables -->)/, table)).toMatchFileSnapshot(
    "../docs/migrating-from-localstack.md",
  );
});
