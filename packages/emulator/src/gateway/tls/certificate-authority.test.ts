import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomIds } from "../../core/ids.ts";
import { createCertificateAuthority } from "./certificate-authority.ts";
import { isSubjectName } from "./subject-names.ts";

const day = 86_400_000;
const now = Date.UTC(2026, 1, 3, 4, 5, 6);
const authority = createCertificateAuthority(randomIds(), () => now);
const ca = new X509Certificate(authority.certificate);
const issue = (...names: string[]): X509Certificate => new X509Certificate(authority.issue(names).cert);

test("the authority signs itself and may sign others for ten years", () => {
  expect(ca).toMatchObject({ ca: true, keyUsage: undefined, validFromDate: new Date(now - day) });
  expect(ca.subject).toMatch(/^CN=LocalEmu CA [0-9a-f]{8}$/);
  expect(ca.issuer).toBe(ca.subject);
  expect(ca.verify(ca.publicKey)).toBe(true);
  expect(ca.validToDate).toEqual(new Date(now - day + 3650 * day));
});

describe("a server's certificate", () => {
  test("is signed by the authority, and belongs to the key that comes with it", () => {
    const { cert, key } = authority.issue(["localhost"]);
    const leaf = new X509Certificate(cert);
    expect(leaf.issuer).toBe(ca.subject);
    expect(leaf.checkIssued(ca)).toBe(true);
    expect(leaf.verify(ca.publicKey)).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.checkPrivateKey(process.getBuiltinModule("node:crypto").createPrivateKey(key))).toBe(true);
    expect(leaf.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
    // serverAuth.
    expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  });

  test("began yesterday and lasts no longer than clients accept", () => {
    const { validFromDate, validToDate } = issue("localhost");
    expect(validFromDate).toEqual(new Date(now - day));
    expect(validToDate.getTime() - validFromDate.getTime()).toBeLessThanOrEqual(398 * day);
  });

  test("has a serial number of its own", () => {
    const serials = Array.from({ length: 50 }, () => issue("localhost").serialNumber);
    expect(new Set(serials).size).toBe(50);
  });

  test("is for its names and addresses only", () => {
    const leaf = issue("localhost", "*.example.test", "127.0.0.1", "::1", "fd00::a:2", "::ffff:10.0.0.1");
    expect(leaf.subjectAltName).toBe(
      "DNS:localhost, DNS:*.example.test, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, " +
        "IP Address:FD00:0:0:0:0:0:A:2, IP Address:0:0:0:0:0:FFFF:A00:1",
    );
    expect(leaf.checkHost("localhost")).toBe("localhost");
    expect(leaf.checkHost("a.example.test")).toBe("*.example.test");
    expect(leaf.checkHost("example.com")).toBeUndefined();
    expect(leaf.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(leaf.checkIP("127.0.0.2")).toBeUndefined();
  });

  test("can be for any address and for any number of names", () => {
    const addresses = fc.array(fc.oneof(fc.ipV4(), fc.ipV6()), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(addresses, (list) => {
        const names = list.filter(isSubjectName);
        const leaf = issue("localhost", ...names);
        for (const name of names) expect(leaf.checkIP(name)).toBe(name);
      }),
      { numRuns: 50 },
    );
  });
});

test("after 2049 years have four digits", () => {
  const later = createCertificateAuthority(randomIds(), () => Date.UTC(2049, 11, 31));
  expect(new X509Certificate(later.certificate).validToDate.getUTCFullYear()).toBe(2059);
});

test.for([
  ["localhost", true],
  ["*.localhost", true],
  ["my_bucket.s3.localhost", true],
  ["127.0.0.1", true],
  ["fe80::1", true],
  ["", false],
  ["-a", false],
  ["a..b", false],
  ["a b", false],
  ["ä.test", false],
  ["*", false],
  ["a,IP:1.2.3.4", false],
  [`${"a.".repeat(130)}a`, false],
] as const)("a certificate for %j: %j", ([name, possible]) => {
  expect(isSubjectName(name)).toBe(possible);
});
