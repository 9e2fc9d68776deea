import { expect, test } from "vitest";
import { assertNodeVersion } from "./assert-node-version.ts";

test.each(["22.22.0", "22.30.1", "24.0.0", "26.1.0"])("%s is new enough", (version) => {
  expect(() => assertNodeVersion(version)).not.toThrow();
});

test.each(["20.20.2", "22.21.9", "18.0.0"])("%s is too old", (version) => {
  expect(() => assertNodeVersion(version)).toThrow(
    `@localemu/testcontainers needs Node.js 22.22 or newer, and this is ${version}`,
  );
});
