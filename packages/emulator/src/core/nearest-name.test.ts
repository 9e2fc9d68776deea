import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

const names = ["LOCALEMU_HOST", "LOCALEMU_PORT", "LOCALEMU_REGION", "LOCALEMU_ALLOWED_HOSTS"];

test.each([
  ["LOCALEMU_PROT", "LOCALEMU_PORT"],
  ["LOCALEMU_POTR", "LOCALEMU_PORT"],
  ["LOCALEMU_POR", "LOCALEMU_PORT"],
  ["LOCALEMU_PORTS", "LOCALEMU_PORT"],
  ["LOCALEMU_HOSTS", "LOCALEMU_HOST"],
  ["LOCALEMU_REGOIN", "LOCALEMU_REGION"],
  ["LOCALEMU_ALOWED_HOST", "LOCALEMU_ALLOWED_HOSTS"],
  ["LOCALEMU_PERSISTENCE", undefined],
  ["", undefined],
])("%s means %s", (written, meant) => {
  expect(nearestName(written, names)).toBe(meant);
});
