import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";

const { version }: { version: string } = JSON.parse(readFileSync("package.json", "utf8"));

export default defineConfig({
  entry: ["src/index.ts"],
  format: "cjs",
  target: "node22",
  platform: "node",
  dts: false,
  splitting: false,
  env: { LOCALEMU_VERSION: version },
});
