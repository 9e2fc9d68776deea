import { defineConfig } from "tsup";

export default defineConfig({
  entry: [
    "src/index.ts",
    "src/environment.ts",
    "src/extend.ts",
    "src/plugin.ts",
    "src/global-setup.ts",
    "src/setup-file.ts",
  ],
  format: "esm",
  target: "node22",
  platform: "node",
  dts: false,
  splitting: true,
});
