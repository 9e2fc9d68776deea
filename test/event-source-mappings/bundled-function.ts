import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { CreateFunctionCommandInput } from "@aws-sdk/client-lambda";
import { build } from "esbuild";
import { zipSync } from "fflate";

/**
 * A handler with the packages that it imports, bundled as users do for Lambda, and zipped.
 *
 * @param handler Its file, or its name in `./function/`.
 */
export async function bundledFunction(
  handler: string | URL,
  format: "esm" | "cjs",
): Promise<Pick<CreateFunctionCommandInput, "FunctionName" | "Code">> {
  const file = typeof handler === "string" ? new URL(`./function/${handler}.mjs`, import.meta.url) : handler;
  const name = basename(file.pathname, ".mjs");
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(file)],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    format,
    write: false,
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error(`esbuild made nothing of ${name}`);
  const index = format === "esm" ? "index.mjs" : "index.js";
  return { FunctionName: name, Code: { ZipFile: zipSync({ [index]: bundle.contents }) } };
}
