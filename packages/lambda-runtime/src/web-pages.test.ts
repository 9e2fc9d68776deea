import { expect, test } from "vitest";
import { isForForeignHost, isOfForeignPage } from "./web-pages.ts";

test.each([
  {},
  { "sec-fetch-mode": "cors" },
  { "sec-fetch-site": "none" },
  { origin: "http://localhost:3000" },
  { origin: "http://127.0.0.1" },
  { origin: "https://[::1]:8443" },
  { "sec-fetch-site": "cross-site", referer: "http://app.localhost/page" },
])("%o is of no foreign page", (headers) => expect(isOfForeignPage(headers)).toBe(false));

test.each([
  { origin: "null" },
  { origin: "https://evil.example" },
  { origin: "http://localhost.evil.example" },
  { origin: "http://127.0.0.1.evil.example" },
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "cross-site", referer: "https://evil.example/" },
])("%o is of a foreign page", (headers) => expect(isOfForeignPage(headers)).toBe(true));

test.each(["", "127.0.0.1:9001", "[::1]:9001", "localhost:1", "emulator:1", "host.docker.internal:1", "172.17.0.1:1"])(
  "%s is here",
  (host) => expect(isForForeignHost({ host })).toBe(false),
);

test.each(["evil.example:9001", "127.0.0.1.evil.example", "localhost.evil.example:1", "evil.internal.example"])(
  "%s is not here",
  (host) => expect(isForForeignHost({ host })).toBe(true),
);
