import { expect, test } from "vitest";
import { allowedHosts } from "./allowed-hosts.ts";

test.each([
  [
    "names without a dot and IP addresses need no listing",
    "",
    ["aws", "localhost", "172.17.0.1", "[::1]", "fe80::1.2"],
    "",
  ],
  ["names with a dot do", "", ["aws", "aws.test", "docker.example"], "aws.test,docker.example"],
  ["what is given stays", "mine.example, other", ["aws.test"], "mine.example,other,aws.test"],
  ["none is listed twice", "aws.test", ["aws.test", "aws.test"], "aws.test"],
])("%s", (_, given, names, expected) => {
  expect(allowedHosts(given, names)).toBe(expected);
});
