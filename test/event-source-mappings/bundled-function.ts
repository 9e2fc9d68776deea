import { fileURLToPath } from "node:url";
import type { CreateFunctionCommandInput } from "@aws-sdk/client-lambda";
import { build } from "esbuild";
import { zipSync } from "fflate";

/** A handler of `./function/` with the packages that it imports, bundled as users do for Lambda, and zipped. */
export async function bundledFunction(
  handler: string,
  format: "esm" | "cjs",
): Promise<Pick<CreateFunctionCommandInput, "FunctionName" | "Code">> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`./function/${handler}.mjs`, import.meta.url))],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    format,
    write: false,
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error(`esbuild made nothing of ${handler}`);
  const file = format === "esm" ? "index.mjs" : "index.js";
  return { FunctionName: handler, Code: { ZipFile: zipSync({ [file]: bundle.contents }) } };
}
