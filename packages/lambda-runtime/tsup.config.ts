import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", "lambda-rie": "src/rie/main.ts" },
  format: "esm",
  target: "node22",
  platform: "node",
  dts: false,
  splitting: true,
});
