import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Options } from "tsup";

/**
 * Packages under the MIT license take it with them where they are bundled: the bundler keeps such comments. Those of fauxqs are
 * in `fauxqs.ts`; what else is bundled is under this repository's own license.
 */
export const keepLicenses: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "licenses",
  setup(build) {
    build.onLoad({ filter: /[\\/]node_modules[\\/](yauzl|pend)[\\/]index\.js$/ }, ({ path }) => {
      const license = readFileSync(join(dirname(path), "LICENSE"), "utf8");
      return { contents: `/*!\n${license}*/\n${readFileSync(path, "utf8")}`, loader: "js" };
    });
  },
};
