import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import type { Options } from "tsup";
import { adapt } from "./adaptations.ts";
import type { Adaptation } from "./adaptations.ts";

/**
 * How dynalite gets into the emulator: what its actions do with tables is taken from node_modules as it is and adapted while it
 * is bundled; its server, its database and its command line are left out. Nothing of it is committed.
 *
 * - `localemu:dynalite` is its actions with what checks their input, and the rules for items that streams need as well.
 * - It reads time from the store that it is given, and sets no timers: the store is told what is to happen later.
 * - The store is ours (`table-store.ts`), so that LevelDB, which is native code, is not needed.
 * - Of `async` it gets the functions that it calls.
 */
const manifest = findPackageJSON("dynalite", import.meta.url);
if (manifest === undefined) throw new Error("dynalite is not installed");
const dynalite = dirname(manifest);

const operations = [
  "BatchGetItem",
  "BatchWriteItem",
  "CreateTable",
  "DeleteItem",
  "DeleteTable",
  "DescribeTable",
  "GetItem",
  "ListTables",
  "ListTagsOfResource",
  "PutItem",
  "Query",
  "Scan",
  "TagResource",
  "UntagResource",
  "UpdateItem",
  "UpdateTable",
];

const entry = [
  `import db from "./db/index.js";`,
  `import validations from "./validations/index.js";`,
  ...operations.flatMap((name) => [
    `import run${name} from "./actions/${fileOf(name)}";`,
    `import check${name} from "./validations/${fileOf(name)}";`,
  ]),
  `export const actions = {${operations.map((name) => `${name}: { run: run${name}, types: check${name}.types, custom: check${name}.custom }`).join(", ")}};`,
  `export const { checkTypes, checkValidations } = validations;`,
  `export const { checkConditional, createKey, updateIndexes } = db;`,
].join("\n");

function fileOf(operation: string): string {
  return `${operation.charAt(0).toLowerCase()}${operation.slice(1)}.js`;
}

const asynchronous = ["each", "map", "parallel", "queue", "series"].map((name) => `${name}: require("async/${name}")`);

const adaptations: readonly Adaptation[] = [
  { file: "actions/createTable.js", from: "setTimeout(", to: "store.later(", times: 1 },
  { file: "actions/deleteTable.js", from: "setTimeout(", to: "store.later(", times: 1 },
  { file: "actions/updateTable.js", from: "setTimeout(", to: "store.later(", times: 1 },
  { file: "actions/createTable.js", from: "Date.now()", to: "store.now()", times: 1 },
  { file: "actions/updateTable.js", from: "Date.now()", to: "store.now()", times: 8 },
  // What makes its own store, on LevelDB.
  { file: "db/index.js", from: /^function create \(options\) \{[^]*?^\}$/gm, to: "", times: 1 },
  { file: "db/index.js", from: "exports.create = create\n", to: "", times: 1 },
  {
    file: "db/index.js",
    from: /^ {2}(\{ (Memory)?Level \}|lock|DatabaseLifecycleManager) = require\(.*\),?\n/gm,
    to: "",
    times: 4,
  },
  { file: "db/index.js", from: "once = require('once'),", to: "once = require('once')", times: 1 },
];

/**
 * The licenses ask that their texts go with the code: the bundler keeps such comments. Apache's asks besides that changes are
 * told. Of `lazy` there is no text but the name of its license.
 */
function licenses(): string {
  const texts = [
    "dynalite, by Michael Hart and others, changed as build/dynalite.ts of LocalEmu says.",
    readFileSync(join(dynalite, "LICENSE"), "utf8"),
    "lazy, by Peteris Krumins, under the MIT license.",
    ...["async/LICENSE", "big.js/LICENCE.md", "once/LICENSE", "wrappy/LICENSE"].map((file) => {
      const [name = "", text = ""] = file.split("/");
      const packageJson = findPackageJSON(name, join(dynalite, "package.json"));
      if (packageJson === undefined) throw new Error(`${name} is not installed`);
      return `${name}\n\n${readFileSync(join(dirname(packageJson), text), "utf8")}`;
    }),
  ];
  return `/*!\n${texts.join("\n\n")}*/\n`;
}

/** For tsup. */
export const bundleDynalite: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "dynalite",
  setup(build) {
    build.onResolve({ filter: /^localemu:dynalite$/ }, ({ path }) => ({ path, namespace: "dynalite" }));
    build.onLoad({ filter: /.*/, namespace: "dynalite" }, () => ({
      contents: licenses() + entry,
      resolveDir: dynalite,
      loader: "js",
    }));
    build.onResolve({ filter: /^async$/ }, ({ path, importer }) =>
      importer.startsWith(dynalite) ? { path, namespace: "dynalite-async" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "dynalite-async" }, () => ({
      contents: `module.exports = {${asynchronous.join(", ")}};`,
      resolveDir: dynalite,
      loader: "js",
    }));
    build.onLoad({ filter: /[\\/]dynalite[\\/](actions|db)[\\/].*\.js$/ }, ({ path }) => ({
      contents: adapt(adaptations, dynalite, path, readFileSync(path, "utf8")),
      loader: "js",
    }));
  },
};

/** For Vite, which leaves packages as they are: all of it is bundled into one module. */
export const dynaliteForTests = {
  name: "dynalite",
  enforce: "pre" as const,
  resolveId: (specifier: string) => (specifier === "localemu:dynalite" ? specifier : undefined),
  async load(id: string): Promise<string | undefined> {
    if (id !== "localemu:dynalite") return undefined;
    const { build } = await import("esbuild");
    const { outputFiles } = await build({
      stdin: { contents: `export * from "localemu:dynalite";` },
      plugins: [bundleDynalite],
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
      logLevel: "error",
    });
    return outputFiles[0]?.text;
  },
};
