import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";
import { listBundled } from "./build/bundled-packages.ts";
import { refuseEndlessCbor } from "./build/cbor.ts";
import { bundleDynalite } from "./build/dynalite.ts";
import { bundleFauxqs } from "./build/fauxqs.ts";
import { keepLicenses } from "./build/licenses.ts";
import { startInOneChunk } from "./build/start-chunk.ts";

interface Manifest {
  readonly version: string;
  readonly devDependencies: Readonly<Record<"dynalite" | "fauxqs", string>>;
}

const { version, devDependencies }: Manifest = JSON.parse(readFileSync("package.json", "utf8"));

export default defineConfig({
  entry: ["src/index.ts", "src/main.ts"],
  format: "esm",
  target: "node22",
  platform: "node",
  dts: false,
  splitting: true,
  env: {
    LOCALEMU_VERSION: version,
    FAUXQS_VERSION: devDependencies.fauxqs,
    DYNALITE_VERSION: devDependencies.dynalite,
  },
  // Bundled CommonJS packages ask for built-in modules by `require`, which ES modules do not have.
  banner: { js: "const require = process.getBuiltinModule;" },
  inject: ["build/real-set-immediate.ts"],
  esbuildPlugins: [bundleFauxqs, bundleDynalite, refuseEndlessCbor, startInOneChunk, keepLicenses, listBundled],
});
