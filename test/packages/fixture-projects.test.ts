import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installPackages } from "./installation.ts";
import type { Finished, Installation } from "./installation.ts";
import { plantBug, withoutChance } from "./planted-bug.ts";

let installation: Installation;

beforeAll(async () => {
  installation = await installPackages(new URL("./fixtures/", import.meta.url));
});

afterAll(() => installation[Symbol.asyncDispose]());

interface Project {
  readonly name: string;
  readonly passed: RegExp;
  readonly run: (variables?: Readonly<Record<string, string>>) => Promise<Finished>;
  /** A part of the handler, and what stands there by mistake. */
  readonly code: string;
  readonly bug: string;
}

const jest = "node_modules/jest/bin/jest.js";
const refusal = "throw new Error(`order ${id} has no number`)";

const projects: readonly Project[] = [
  {
    name: "jest-cjs",
    passed: /Tests: +1 passed, 1 total/,
    run: (variables = {}) => installation.run(variables, jest, "--config", "jest-cjs/jest.config.js", "orders.test"),
    code: refusal,
    bug: "return",
  },
  {
    name: "jest-esm",
    passed: /Tests: +1 passed, 1 total/,
    run: (variables = {}) =>
      installation.run(
        { ...variables, NODE_OPTIONS: "--experimental-vm-modules --no-warnings" },
        jest,
        "--config",
        "jest-esm/jest.config.js",
      ),
    code: "{ order: id }",
    bug: "{ order: String(id) }",
  },
  {
    name: "node-test",
    passed: /pass 1\n/,
    run: (variables = {}) => installation.run(variables, "--test", "--test-reporter=spec", "node-test/orders.test.js"),
    code: refusal,
    bug: "return",
  },
];

describe.each(projects)("the project $name", ({ name, passed, run, code, bug }) => {
  test("passes", async () => {
    const finished = await run();
    expect(finished.output).toMatch(passed);
    expect(finished.code).toBe(0);
  });

  test("tells what is wrong with a handler that has a bug", async () => {
    plantBug(installation, name, code, bug);
    const summary = join(installation.directory, `${name}.md`);
    const finished = await run({ GITHUB_STEP_SUMMARY: summary });
    expect(finished.code).toBe(1);
    expect(readFileSync(summary, "utf8")).toMatch(
      /^<details>\n<summary>LocalEmu: .+<\/summary>\n\n```\n[^]*```\n\n<\/details>\n\n$/,
    );
    await expect(withoutChance(finished.output, installation)).toMatchFileSnapshot(`failures/${name}.txt`);
  });
});
