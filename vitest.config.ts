import { defineConfig } from "vitest/config";
import { dynaliteForTests } from "./packages/emulator/build/dynalite.ts";
import { fauxqsForTests, fauxqsPackages } from "./packages/emulator/build/fauxqs.ts";

const containerTests = "test/container/**/*.test.ts";

export default defineConfig({
  plugins: [fauxqsForTests, dynaliteForTests],
  test: {
    globals: false,
    retry: 0,
    // The SDK's schema modules are written for bundlers: their imports have no extensions.
    server: { deps: { inline: [/@aws-sdk\/client-[^/]+\/dist-es\//, ...fauxqsPackages] } },
    testTimeout: 20_000,
    hookTimeout: 20_000,
    globalSetup: ["test/require-node.ts"],
    coverage: { provider: "v8", include: ["packages/*/src/**/*.ts"] },
    projects: [
      {
        extends: true,
        test: {
          name: "emulator",
          include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"],
          // Projects are copied, and run there with the packages as they are published.
          exclude: [containerTests, "**/node_modules/**", "test/*/project/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "container",
          include: [containerTests],
          // Builds the image; without a Docker engine it says so, and these tests are skipped.
          globalSetup: ["test/container/image.ts"],
          // One container at a time, when the other tests are done: what is measured in milliseconds wants a machine of its own.
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
          testTimeout: 60_000,
        },
      },
    ],
  },
});
