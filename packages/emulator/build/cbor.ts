import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname } from "node:path";
import type { Options } from "tsup";
import { adapt } from "./adaptations.ts";
import type { Adaptation } from "./adaptations.ts";

const packageJson = findPackageJSON("@smithy/core", import.meta.url);
if (packageJson === undefined) throw new Error("@smithy/core is not installed");
const core = dirname(packageJson);

const adaptations: readonly Adaptation[] = [
  {
    // A length that no document can have: the library rounds it, and says so on standard error, whoever sends it.
    file: "dist-es/submodules/cbor/cbor-decode.js",
    from: "console.warn(new Error(",
    to: "throw (new Error(",
    times: 1,
  },
];

/** For tsup. */
export const refuseEndlessCbor: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "cbor",
  setup(build) {
    build.onLoad({ filter: /[\\/]cbor-decode\.js$/ }, ({ path }) => ({
      contents: adapt(adaptations, core, path, readFileSync(path, "utf8")),
      loader: "js",
    }));
  },
};
