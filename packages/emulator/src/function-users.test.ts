import { expect, test } from "vitest";
import { missingCapabilities } from "./function-users.ts";

test.each<[string, readonly string[]]>([
  ["Name:\tnode\nCapInh:\t0000000000000000\nCapEff:\t00000000000000e1\nCapBnd:\t00000000000000e1\n", []],
  ["CapEff:\t000001ffffffffff\n", []],
  ["CapEff:\t0000000000000021\n", ["SETGID", "SETUID"]],
  ["CapEff:\t0000000000000000\n", ["CHOWN", "KILL", "SETGID", "SETUID"]],
  ["Name:\tnode\n", ["CHOWN", "KILL", "SETGID", "SETUID"]],
])("of %j there are missing %j", (status, expected) => {
  expect(missingCapabilities(status)).toEqual(expected);
});
