import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/extend.ts"],
  format: "esm",
  target: "node22",
  platform: "node",
  dts: false,
  splitting: true,
});
