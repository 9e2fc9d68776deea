import { afterEach, expect, test, vi } from "vitest";
import { builtinEnvironments } from "vitest/runtime";
import environment from "./environment.ts";

const { node } = builtinEnvironments;

/** Nobody listens there. */
const options = { localemu: { endpoint: "http://127.0.0.1:9" } };

afterEach(() => {
  vi.restoreAllMocks();
});

test("where no world can be made, the environment that it was to be in is torn down", async () => {
  const teardown = vi.fn<(global: object) => void>();
  vi.spyOn(node, "setup").mockResolvedValue({ teardown });
  const global = {};
  await expect(environment.setup(global, options)).rejects.toThrow("http://127.0.0.1:9");
  expect(teardown).toHaveBeenCalledExactlyOnceWith(global);
});

test("so it is in pools of VMs", async () => {
  const teardown = vi.fn<() => void>();
  vi.spyOn(node, "setupVM" as const).mockResolvedValue({ getVmContext: () => ({}), teardown });
  await expect(environment.setupVM?.(options)).rejects.toThrow("http://127.0.0.1:9");
  expect(teardown).toHaveBeenCalledOnce();
});
