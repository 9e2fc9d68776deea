import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { json, Lab, request } from "./temporary-function.test.fixture.ts";

let lab: Lab;

beforeEach(() => {
  lab = new Lab();
});

afterEach(() => lab.dispose());

/** A folder `node_modules` under the directory, whose package `where` tells which it is. */
function install(directory: string, name = "where", tells = directory): string {
  const folder = join(lab.directory, directory, "node_modules", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ exports: { import: "./a.mjs", require: "./a.cjs" } }));
  writeFileSync(join(folder, "a.mjs"), `export default ${JSON.stringify(`${tells} by import`)};`);
  writeFileSync(join(folder, "a.cjs"), `module.exports = ${JSON.stringify(`${tells} by require`)};`);
  return join(lab.directory, directory, "node_modules");
}

describe("packages beside the function's own", () => {
  test.each(["nodejs24.x", "nodejs22.x"])(
    "%s finds them for import and require alike: a layer's first",
    async (runtime) => {
      install("opt/nodejs");
      const nodeModules = [install("preinstalled"), install("more", "other")];
      install("preinstalled", "@aws-sdk/client-s3", "sdk");
      const code = `
      import { createRequire } from "node:module";
      import where from "where";
      import other from "other";
      import sdk from "@aws-sdk/client-s3";
      export const handler = async () => [where, other, sdk, createRequire(import.meta.url)("where")];`;
      const optRoot = join(lab.directory, "opt");
      const pool = lab.deploy({ "index.mjs": code }, { runtime, optRoot, nodeModules });
      const expected = ["opt/nodejs by import", "more by import", "sdk by import", "opt/nodejs by require"];
      expect(json(await pool.invoke(request()))).toEqual(expected);
    },
  );

  test.each([
    ["index.mjs", 'import "nowhere"; export const handler = async () => "";', "nodejs24.x"],
    ["index.js", 'require("nowhere"); exports.handler = async () => "";', "nodejs24.x"],
    ["index.js", 'require("nowhere/part"); exports.handler = async () => "";', "nodejs20.x"],
  ])("%s with %s on %s fails as it does without them", async (file, code, runtime) => {
    const outcomes: unknown[] = [];
    for (const nodeModules of [[], [install("preinstalled")]]) {
      const taskRoot = join(lab.directory, "task");
      mkdirSync(taskRoot, { recursive: true });
      writeFileSync(join(taskRoot, file), code);
      const spec = { runtime, taskRoot, codeInPlace: true, nodeModules };
      const outcome = await lab.deploy({}, spec).invoke(request());
      const { errorType, errorMessage } = Object(json(outcome));
      outcomes.push({ errorType, errorMessage });
    }
    expect(outcomes[0]).toMatchObject({ errorMessage: expect.stringContaining("nowhere") });
    expect(outcomes[1]).toEqual(outcomes[0]);
  });
});

describe("the AWS SDK, which AWS's runtimes have", () => {
  const advice = (name: string): string =>
    `LocalEmu: ${name} is not there: AWS's Node.js runtimes have the AWS SDK installed, LocalEmu has not. Bundle it with the function, or put it into its zip or a layer\n`;

  test.each([
    ["an ES module", "index.mjs", 'import { S3 } from "@aws-sdk/client-s3"; export const handler = S3;', "nodejs24.x"],
    ["CommonJS", "index.js", 'require("@aws-sdk/client-s3/dist-cjs"); exports.handler = 1;', "nodejs24.x"],
    ["older rules", "index.js", 'require("@aws-sdk/client-s3"); exports.handler = 1;', "nodejs20.x"],
  ])("%s that misses it at its start is told what to do, in its log and its report", async (_, file, code, runtime) => {
    const outcome = await lab.deploy({ [file]: code }, { runtime }).invoke(request());
    expect(outcome.functionError?.cause).toBe("init");
    expect(lab.log).toContain(advice("@aws-sdk/client-s3"));
    const [failed] = lab.events.filter((event) => event.type === "environmentInitFailed");
    const last = `[lambda ${failed?.environmentId}] ${advice("@aws-sdk/client-s3").trimEnd()}`;
    expect(failed?.output.at(-1)).toBe(last);
  });

  test("so is a handler that asks for it, with JSON logs too; whatever else is missing is not ours to tell", async () => {
    const code = "exports.handler = async ({ name }) => import(name);";
    const pool = lab.deploy(code, { logFormat: "JSON" });
    const missing = request({ name: "aws-sdk" });
    expect((await pool.invoke(missing)).functionError?.cause).toBe("handler");
    const line = { level: "ERROR", requestId: missing.requestId, message: advice("aws-sdk").trimEnd() };
    expect(lab.log.filter((text) => text.includes("LocalEmu:")).map((text): unknown => JSON.parse(text))).toEqual([
      { timestamp: expect.any(String), ...line },
    ]);
    await pool.invoke(request({ name: "left-pad" }));
    expect(lab.log.filter((text) => text.includes("LocalEmu:"))).toHaveLength(1);
  });
});
