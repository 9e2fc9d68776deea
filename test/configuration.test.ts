import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const source = readFileSync(new URL("../packages/emulator/src/options.ts", import.meta.url), "utf8");
const page = readFileSync(new URL("../docs/configuration.md", import.meta.url), "utf8");

const declaration = source.slice(
  source.indexOf("export interface EmulatorOptions"),
  source.indexOf("export type Settings"),
);

/** What the comments of EmulatorOptions say, in their order. */
const options = [...declaration.matchAll(/\/\*\*([^]*?)\*\/\n {2}readonly (\w+)\?:/g)].map(
  ([, comment = "", option = ""]) => {
    const text = comment
      .replaceAll(/\n\s*\*/g, " ")
      .replaceAll(/\s+/g, " ")
      .trim();
    const [, meaning, normally, variable] = /^(.*)\. Default (.*); environment `(\w+)`\.$/.exec(text) ?? [];
    if (meaning === undefined || normally === undefined || variable === undefined) {
      throw new Error(`the comment of ${option} does not end with "Default …; environment \`…\`.": ${text}`);
    }
    return { option, meaning, normally, variable };
  },
);

test("the configuration page lists the options as their comments do", async () => {
  const table = [
    "",
    "| option | variable | default | meaning |",
    "|---|---|---|---|",
    ...options.map(
      ({ option, variable, normally, meaning }) =>
        `| \`${option}\` | \`${variable}\` | ${normally} | ${meaning[0]?.toLowerCase()}${meaning.slice(1)} |`,
    ),
    "",
    "",
  ].join("\n");
  await expect(page.replace(/(?<=<!-- options: .* -->\n)[^]*(?=<!-- \/options -->)/, table)).toMatchFileSnapshot(
    "../docs/configuration.md",
  );
});

test("the comments name the variables that are read", () => {
  const read = [...source.matchAll(/^ {2}([A-Z_]+): "(\w+)",$/gm)].map(([, variable, option]) => ({
    variable,
    option,
  }));
  const byOption = (a: { option?: string | undefined }, b: typeof a) => `${a.option}`.localeCompare(`${b.option}`);
  expect(options.map(({ variable, option }) => ({ variable, option })).toSorted(byOption)).toEqual(
    read.toSorted(byOption),
  );
});
