import { startLocalEmu } from "@localemu/testkit";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    endpoint: string;
  }
}

export default async function startOnce(project: TestProject): Promise<() => Promise<void>> {
  const emu = await startLocalEmu();
  project.provide("endpoint", emu.endpoint);
  return () => emu.close();
}
