import { defineConfig } from "vitest/config";
import { fauxqsForTests, fauxqsPackages } from "./packages/emulator/build/fauxqs.ts";

export default defineConfig({
  plugins: [fauxqsForTests],
  test: {
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"],
    globals: false,
    retry: 0,
    // The SDK's schema modules are written for bundlers: their imports have no extensions.
    server: { deps: { inline: [/@aws-sdk\/client-[^/]+\/dist-es\//, ...fauxqsPackages] } },
    testTimeout: 20_000,
    hookTimeout: 20_000,
    globalSetup: ["test/require-node.ts"],
    coverage: { provider: "v8", include: ["packages/*/src/**/*.ts"] },
  },
});
