import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { entriesOf } from "../source-files.ts";
import { installPackages } from "./installation.ts";
import type { Installation } from "./installation.ts";

const modules = fileURLToPath(new URL("../../node_modules/", import.meta.url));
let installation: Installation;

beforeAll(async () => {
  installation = await installPackages();
});

afterAll(() => installation[Symbol.asyncDispose]());

function read(...path: readonly string[]): string {
  return readFileSync(join(installation.directory, ...path), "utf8");
}

describe.each(entriesOf("packages"))("the packed package %s", (name) => {
  const at = ["node_modules/@localemu", name] as const;

  test("tells where it is from, on what terms, and that its publisher proves it", () => {
    expect(JSON.parse(read(...at, "package.json"))).toMatchObject({
      name: `@localemu/${name}`,
      description: expect.stringMatching(/./),
      license: "Apache-2.0",
      repository: {
        type: "git",
        url: "git+https://github.com/localemu/localemu.git",
        directory: `packages/${name}`,
      },
      publishConfig: { access: "public", provenance: true },
      engines: { node: ">=22.22" },
    });
    expect(read(...at, "README.md")).toMatch(new RegExp(`^# @localemu/${name}\n`));
  });

  test("depends on nothing that it does not load or name", () => {
    const { dependencies = {} }: { readonly dependencies?: object } = JSON.parse(read(...at, "package.json"));
    const files = readdirSync(join(installation.directory, ...at, "dist"), { recursive: true, encoding: "utf8" });
    const text = files.filter((file) => /\.(js|d\.ts)$/.test(file)).map((file) => read(...at, "dist", file));
    const unused = Object.keys(dependencies).filter((dependency) => !text.join("\n").includes(`"${dependency}`));
    expect(unused).toEqual([]);
  });

  test("gives compilers the types of what Node.js loads, however it is imported", async () => {
    const { type, version } = JSON.parse(read(...at, "package.json"));
    // What is resolved as before package.json had exports knows no paths; require() of an ES module is Node.js 22's own affair.
    const ignored = new Set(type === "module" ? ["node10", "node16-cjs"] : ["node10"]);
    const tarball = join(installation.directory, "tarballs", `localemu-${name}-${version}.tgz`);
    const checked = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
    const problems = checked.types === false ? ["no types"] : checked.problems;
    expect(
      problems.filter(
        (problem) =>
          typeof problem === "string" || !("resolutionKind" in problem && ignored.has(problem.resolutionKind)),
      ),
    ).toEqual([]);
  });
});

// The newest one: packages.test.ts.
test.each(["typescript-5", "typescript-6"])(
  "the declarations compile under %s with the checks of libraries on",
  // A compiler in JavaScript takes its time on a machine that does other things.
  { timeout: 120_000 },
  async (compiler) => {
    const args = [join(modules, compiler, "bin/tsc"), "--project", "tsconfig.packages.json"];
    await expect(installation.node(...args)).resolves.toBe("");
  },
);
