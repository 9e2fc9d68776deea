import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { globalSetup: ["./global-setup.ts"], setupFiles: ["@localemu/vitest/extend"], include: ["orders.ts"] },
});
