import { defineConfig } from "tsup";
import { bundleFauxqs } from "./build/fauxqs.ts";

export default defineConfig({
  entry: ["src/index.ts"],
  format: "esm",
  target: "node22",
  platform: "node",
  dts: false,
  splitting: true,
  esbuildPlugins: [bundleFauxqs],
});
