import { localemu } from "@localemu/vitest/plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({ plugins: [localemu({ runtime: "embedded" })], test: { include: ["orders.js"] } });
