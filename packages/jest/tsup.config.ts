import { defineConfig } from "tsup";

export default defineConfig({
  entry: [
    "src/index.ts",
    "src/jest-preset.ts",
    "src/environment.ts",
    "src/extend.ts",
    "src/global-setup.ts",
    "src/global-teardown.ts",
  ],
  format: "cjs",
  target: "node22",
  platform: "node",
  dts: false,
  splitting: false,
  // Jest itself answers for it in a test file.
  external: ["@jest/globals"],
});
