import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import { LocalEmu } from "@localemu/testkit";
import { LocalEmuContainer } from "./localemu-container.ts";
import { StartedLocalEmuContainer } from "./started-localemu-container.ts";

/** Shows what Testcontainers is told. */
class ShownContainer extends LocalEmuContainer {
  get told() {
    return { image: this.imageName.string, environment: this.environment, host: this.hostConfig };
  }
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("the image", () => {
  test("is the argument, else LOCALEMU_IMAGE, else the one that belongs to the package", () => {
    vi.stubEnv("LOCALEMU_IMAGE", "registry.example/localemu:2");
    vi.stubEnv("LOCALEMU_VERSION", "1.2.3");
    expect(new ShownContainer("mine:1").told.image).toBe("mine:1");
    expect(new ShownContainer().told.image).toBe("registry.example/localemu:2");
    vi.stubEnv("LOCALEMU_IMAGE", "");
    expect(new ShownContainer().told.image).toBe("localemu/localemu:1.2.3");
  });

  test("of the built package has the package's version, and the package is imported by name from an ES module", async () => {
    const script = `
      import { LOCALEMU_PORT, LocalEmuContainer, StartedLocalEmuContainer } from "@localemu/testcontainers";
      import manifest from "@localemu/testcontainers/package.json" with { type: "json" };
      const { string } = new (class extends LocalEmuContainer { get image() { return this.imageName } })().image;
      console.log(JSON.stringify([LOCALEMU_PORT, string, manifest.version, typeof StartedLocalEmuContainer]));`;
    const environment = { ...process.env, LOCALEMU_IMAGE: "" };
    const args = ["--input-type=module", "--eval", script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment });
    const [port, image, version, started] = JSON.parse(stdout);
    expect([port, image, started]).toEqual([4566, `localemu/localemu:${version}`, "function"]);
  });
});

test("options become the emulator's environment variables", () => {
  const container = new ShownContainer().withRegion("eu-west-1").withVirtualClock().withRetryBaseDelay(100);
  expect(container.told.environment).toEqual({
    LOCALEMU_REGION: "eu-west-1",
    LOCALEMU_CLOCK: "frozen",
    LOCALEMU_RETRY_BASE_DELAY_MS: "100",
  });
  expect(new ShownContainer().withPersistence().told.environment).toEqual({ LOCALEMU_DATA_DIR: "/var/lib/localemu" });
  expect(container.withVirtualClock("auto").told.environment).toMatchObject({ LOCALEMU_CLOCK: "auto" });
});

test("functions with users of their own take a root without other rights", () => {
  const { environment, host } = new ShownContainer().withAddedCapabilities("NET_RAW").withFunctionUsers().told;
  expect(environment).toEqual({ LOCALEMU_FUNCTION_USERS: "1" });
  expect(host).toMatchObject({
    CapDrop: ["ALL"],
    CapAdd: ["NET_RAW", "CHOWN", "KILL", "SETGID", "SETUID"],
    SecurityOpt: ["no-new-privileges"],
  });
});

test("a started container has what its default world has, but for what it says by methods of its own", () => {
  const others = ["accountId", "close", "endMade", "endpoint", "region", "world"];
  const missing = Object.getOwnPropertyNames(LocalEmu.prototype).filter(
    (name) => !(name in StartedLocalEmuContainer.prototype),
  );
  expect(missing.toSorted()).toEqual(others);
});
