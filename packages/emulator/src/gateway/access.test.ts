import { describe, expect, test } from "vitest";
import { pageOf, refusalOf } from "./access.ts";

const rules = { allowedOrigins: ["https://app.example"], allowedHosts: ["emu.corp.example"] };

describe("Host", () => {
  test.each([
    "127.0.0.1:4566",
    "10.0.0.7",
    "[::1]:4566",
    "[fd00::1]",
    "localhost",
    "LOCALHOST:4566",
    "my-bucket.localhost:4566",
    "localemu",
    "aws:4566",
    "host.docker.internal:4566",
    "host.testcontainers.internal",
    "emu.corp.example:80",
  ])("%s may come in", (host) => expect(refusalOf(host, undefined, rules)).toBeUndefined());

  test.each([
    "evil.example",
    "127.0.0.1.evil.example:4566",
    "localhost.evil.example",
    "kinesis.us-east-1.amazonaws.com",
  ])("%s is refused", (host) => expect(refusalOf(host, undefined, rules)?.code).toBe("ForbiddenHost"));
});

describe("Origin", () => {
  test.each([
    "http://localhost:3000",
    "http://127.0.0.1",
    "https://[::1]:8443",
    "http://app.localhost:1",
    "https://app.example",
  ])("%s may come in", (origin) => expect(refusalOf("localhost", origin, rules)).toBeUndefined());

  test.each([
    "https://evil.example",
    "null",
    "http://localhost.evil.example",
    "http://10.0.0.7",
    "https://app.example:8443",
  ])("%s is refused", (origin) => expect(refusalOf("localhost", origin, rules)?.code).toBe("ForbiddenOrigin"));
});

describe("the page that makes a request", () => {
  const crossSite = { "sec-fetch-site": "cross-site" };

  test.each([
    ["nobody's", {}, undefined],
    ["of a navigation of the user's own", { "sec-fetch-site": "none" }, undefined],
    ["of the same site", { "sec-fetch-site": "same-site", referer: "http://localhost:3000/" }, undefined],
    [
      "named by its origin",
      { ...crossSite, origin: "https://a.example", referer: "http://localhost/" },
      "https://a.example",
    ],
    [
      "known by its referrer",
      { ...crossSite, referer: "https://evil.example:8443/page?x#y" },
      "https://evil.example:8443",
    ],
    ["known by a loopback referrer", { ...crossSite, referer: "http://localhost:3000/" }, "http://localhost:3000"],
    ["one that hides its referrer", crossSite, "null"],
    ["one whose referrer is no web page's", { ...crossSite, referer: "about:blank" }, "null"],
  ])("is %s", (_, headers, page) => expect(pageOf(headers)).toBe(page));
});
