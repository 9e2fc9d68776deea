import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** The environment alone, without the plugin. */
export default defineConfig({
  test: {
    environment: fileURLToPath(import.meta.resolve("@localemu/vitest/environment")),
    environmentOptions: { localemu: { clock: "frozen" } },
    setupFiles: ["@localemu/vitest/extend"],
    include: ["plugin/environment/*.ts"],
    testTimeout: 20_000,
  },
});
