import { build } from "esbuild";
import { fileURLToPath } from "node:url";

/** A module with all that it imports in one file, as deployment tools make it. */
export async function bundle(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    platform: "node",
    target: "node22",
    format: "esm",
    // Bundled CommonJS packages ask for built-in modules by `require`, which ES modules do not have.
    banner: { js: "const require = process.getBuiltinModule;" },
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
