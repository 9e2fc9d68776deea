import { expect, test, vi } from "vitest";
import { LocalEmuContainer } from "./localemu-container.ts";

vi.mock("testcontainers", async (importOriginal) => ({
  ...(await importOriginal<object>()),
  getContainerRuntimeClient: () => Promise.reject(new Error("Could not find a working container runtime strategy")),
}));

test("where no Docker engine answers the start says so, and what does without one", async () => {
  await expect(new LocalEmuContainer().start()).rejects.toThrow(
    "LocalEmuContainer needs a Docker engine, and none answers (Could not find a working container runtime strategy). Without Docker, startLocalEmu() of @localemu/testkit runs LocalEmu in the test's process.",
  );
});
