import { createHash, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import {
  bitString,
  boolean,
  integer,
  member,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from "./der.ts";
import { subjectNames } from "./subject-names.ts";

/** An X.509 certificate (RFC 5280) before it is signed. */
export interface CertificateSpec {
  readonly serial: Uint8Array;
  /** Common names. */
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly issuerPublicKey: KeyObject;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** What it is for: to sign others, or to be shown by a server of these names and addresses. */
  readonly use: "authority" | { readonly names: readonly string[] };
}

/** @returns PEM. */
export function signCertificate(spec: CertificateSpec, issuerKey: KeyObject): string {
  const content = sequence(
    member(0, integer(Uint8Array.of(2)), "wrapping"),
    integer(spec.serial),
    ecdsaWithSha256,
    commonName(spec.issuer),
    sequence(time(spec.notBefore), time(spec.notAfter)),
    commonName(spec.subject),
    derOf(spec.publicKey),
    member(3, sequence(...extensions(spec)), "wrapping"),
  );
  return pem(sequence(content, ecdsaWithSha256, bitString(sign("sha256", content, issuerKey))));
}

const ecdsaWithSha256 = sequence(objectIdentifier("1.2.840.10045.4.3.2"));
const serverAuthentication = objectIdentifier("1.3.6.1.5.5.7.3.1");

function extensions({ use, publicKey, issuerPublicKey }: CertificateSpec): Buffer[] {
  const keyIdentifier = extension("2.5.29.14", octetString(keyIdentifierOf(publicKey)));
  if (use === "authority") {
    return [
      critical("2.5.29.19", sequence(boolean(true), integer(Uint8Array.of(0)))),
      // keyCertSign and cRLSign.
      critical("2.5.29.15", bitString(Uint8Array.of(0b0000_0110), 1)),
      keyIdentifier,
    ];
  }
  return [
    critical("2.5.29.19", sequence()),
    // digitalSignature.
    critical("2.5.29.15", bitString(Uint8Array.of(0b1000_0000), 7)),
    extension("2.5.29.37", sequence(serverAuthentication)),
    keyIdentifier,
    extension("2.5.29.35", sequence(member(0, keyIdentifierOf(issuerPublicKey), "plain"))),
    extension("2.5.29.17", subjectNames(use.names)),
  ];
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(objectIdentifier(id), octetString(value));
}

function critical(id: string, value: Buffer): Buffer {
  return sequence(objectIdentifier(id), boolean(true), octetString(value));
}

function commonName(text: string): Buffer {
  return sequence(set(sequence(objectIdentifier("2.5.4.3"), utf8String(text))));
}

/** Any value that tells keys apart will do (RFC 7093). */
function keyIdentifierOf(key: KeyObject): Buffer {
  return createHash("sha256").update(derOf(key)).digest().subarray(0, 20);
}

function derOf(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" });
}

function pem(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
