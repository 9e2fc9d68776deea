import { localemu } from "@localemu/vitest/plugin";
import { defineConfig } from "vitest/config";

/** The emulator is the one of LOCALEMU_ENDPOINT, or an embedded one. */
export default defineConfig({
  plugins: [localemu({ runtime: process.env["LOCALEMU_ENDPOINT"] === undefined ? "embedded" : "external" })],
  test: { include: [process.env["PROOF_TESTS"] ?? "none"], testTimeout: 20_000 },
});
