import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Options } from "tsup";

const source = fileURLToPath(new URL("../src/", import.meta.url));

/**
 * For tsup. The bundler puts into one file what is needed by the same entries, and whatever is loaded on demand is an entry of its
 * own. So the start would be some thirty small files, each of which Node.js must find, read and link: a fifth of its processor time.
 * Where all that is loaded on demand needs the whole start, which is there by then, the start is one file.
 */
export const startInOneChunk: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "start-chunk",
  setup(build) {
    build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, async ({ path, kind, importer, resolveDir }) => {
      if (kind !== "dynamic-import" || !importer.startsWith(source)) return undefined;
      const found = await build.resolve(path, { kind: "import-statement", importer, resolveDir });
      // Relative, for it is written into the file.
      return { path: relative(source, found.path).replaceAll("\\", "/"), namespace: "on-demand" };
    });
    build.onLoad({ filter: /./, namespace: "on-demand" }, ({ path }) => ({
      contents: `import "./index.ts";\nexport * from ${JSON.stringify(`./${path}`)};\n`,
      resolveDir: source,
    }));
  },
};
