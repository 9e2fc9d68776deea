import { localemu } from "@localemu/vitest/plugin";
import { defineConfig } from "vitest/config";

/** Options and tests come from the environment, so that one project shows them all. */
export default defineConfig({
  plugins: [localemu({ runtime: "embedded", ...JSON.parse(process.env["PLUGIN_OPTIONS"] ?? "{}") })],
  test: { include: [process.env["PLUGIN_TESTS"] ?? "plugin/files/*.ts"], testTimeout: 20_000 },
});
