import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/awslambda.ts", "src/matchers/index.ts", "src/node/index.ts", "src/runner/index.ts"],
  format: "cjs",
  target: "node22",
  platform: "node",
  dts: false,
  splitting: false,
  // The emulator is ESM: its import() has to stay one, a require() of it would not do.
  external: ["@localemu/emulator"],
});
