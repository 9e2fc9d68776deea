import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Options } from "tsup";

/** A package of others of which something is in the bundle. */
interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** Of SPDX. */
  readonly license: string;
}

const packageOf = /^(.*node_modules\/(?:@[^/]+\/)?[^/@]+)\//;

/** For tsup: writes the list of what is bundled beside it, by what the bundler says that it has put in. */
export const listBundled: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "bundled-packages",
  setup(build) {
    build.onEnd(({ metafile }) => {
      const inputs = Object.values(metafile?.outputs ?? {}).flatMap((output) => Object.entries(output.inputs));
      const present = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0);
      const folders = new Set(present.flatMap(([path]) => packageOf.exec(path)?.[1] ?? []));
      const packages = [...folders].map(described);
      const list = packages.toSorted((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
      mkdirSync("dist", { recursive: true });
      writeFileSync(join("dist", "bundled-packages.json"), `${JSON.stringify(list, undefined, 2)}\n`);
    });
  },
};

function described(folder: string): BundledPackage {
  const manifest: { name: string; version: string; license?: string | { type: string } } = JSON.parse(
    readFileSync(resolve(folder, "package.json"), "utf8"),
  );
  // An old form has it in an object.
  const license = typeof manifest.license === "object" ? manifest.license.type : manifest.license;
  if (license === undefined) throw new Error(`${folder} does not tell its license`);
  return { name: manifest.name, version: manifest.version, license };
}
