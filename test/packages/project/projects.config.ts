import { localemu } from "@localemu/vitest/plugin";
import { defineConfig } from "vitest/config";

/** One project that changes what the root says, one that says all itself, and one that has it as it is. */
export default defineConfig({
  plugins: [localemu({ runtime: "embedded", clock: "auto" })],
  test: {
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        plugins: [localemu({ runtime: "embedded", isolation: "test", clock: "frozen" })],
        test: { name: "frozen", include: ["plugin/projects/frozen.ts"] },
      },
      {
        plugins: [localemu({ runtime: "embedded" })],
        test: { name: "running", include: ["plugin/projects/running.ts"] },
      },
      { extends: true, test: { name: "inherited", include: ["plugin/projects/inherited.ts"] } },
    ],
  },
});
