import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/bootstrap.ts"],
  format: "cjs",
  target: "node22",
  platform: "node",
  dts: false,
  splitting: false,
});
