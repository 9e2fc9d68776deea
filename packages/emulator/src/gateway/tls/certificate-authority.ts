import { generateKeyPairSync } from "node:crypto";
import type { Ids } from "../../core/ids.ts";
import { signCertificate } from "./certificate.ts";

/** A private key, and a certificate that shows whose it is; PEM. */
export interface ServerIdentity {
  readonly key: string;
  readonly cert: string;
}

/** Issues certificates that whoever trusts it accepts. It lives as long as the process: no key is ever written to disk. */
export interface CertificateAuthority {
  /** PEM, for clients to trust. */
  readonly certificate: string;
  /** Names and addresses as `isSubjectName` takes them. */
  issue(names: readonly string[]): ServerIdentity;
}

const dayMs = 86_400_000;
// What clients accept of a server's certificate: 398 days in all (CA/Browser Forum, Apple).
const serverDays = 397;
const authorityDays = 3650;

/** @param now Milliseconds since the epoch. */
export function createCertificateAuthority(ids: Ids, now: () => number): CertificateAuthority {
  const authority = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const server = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = server.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  // A name of its own, so that a bundle may hold the authorities of several emulators.
  const name = `LocalEmu CA ${ids.hex(4)}`;
  const validity = (days: number) => {
    // Clocks of clients in virtual machines may be behind.
    const notBefore = now() - dayMs;
    return { notBefore, notAfter: notBefore + days * dayMs };
  };
  const issued = { issuer: name, issuerPublicKey: authority.publicKey };
  return {
    certificate: signCertificate(
      {
        ...issued,
        ...validity(authorityDays),
        serial: ids.bytes(16),
        subject: name,
        publicKey: authority.publicKey,
        use: "authority",
      },
      authority.privateKey,
    ),
    issue(names) {
      const cert = signCertificate(
        {
          ...issued,
          ...validity(serverDays),
          serial: ids.bytes(16),
          subject: "LocalEmu",
          publicKey: server.publicKey,
          use: { names },
        },
        authority.privateKey,
      );
      return { key, cert };
    },
  };
}
