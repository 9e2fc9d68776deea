// #region environment
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Vitest looks for environments by path, or in packages of a certain name.
const environment = fileURLToPath(import.meta.resolve("@localemu/vitest/environment"));

export default defineConfig({
  test: {
    environment,
    environmentOptions: { localemu: { clock: "frozen" } },
    setupFiles: ["@localemu/vitest/extend"],
    // #endregion
    include: ["plugin/environment/*.ts"],
    testTimeout: 20_000,
    // #region environment
  },
});
// #endregion
