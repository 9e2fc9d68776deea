import type { Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { createSecureContext, createServer } from "node:tls";
import type { SecureContext } from "node:tls";
import type { Ids } from "../../core/ids.ts";
import { dockerNames } from "../access.ts";
import { createCertificateAuthority } from "./certificate-authority.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import { isSubjectName } from "./subject-names.ts";

/** How many names besides the usual ones have their certificate kept. */
const mostContexts = 100;

/** The TLS side of a listener, made when the first client asks for it. */
export interface Tls {
  /** The certificate that clients must trust, as PEM. */
  readonly caPem: string;
  /** Handshakes on a socket whose first bytes are still to be read; gives its plain side to `onSecure`, or cuts it. */
  accept(socket: Socket): void;
}

export interface TlsOptions {
  readonly ids: Ids;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Host names and addresses by which this server may be called, besides the local ones. */
  readonly hosts: readonly string[];
  readonly onSecure: (socket: Socket, isH2: boolean) => void;
  /** How long a handshake may take before its connection is cut. Default 10 000. */
  readonly handshakeTimeoutMs?: number;
}

export function createTls({ ids, now, hosts, onSecure, handshakeTimeoutMs = 10_000 }: TlsOptions): Tls {
  const authority = createCertificateAuthority(ids, now);
  const names = usualNames(hosts);
  const contexts = new Contexts(authority, names);
  const server = createServer({
    ...authority.issue(names),
    ALPNProtocols: ["h2", "http/1.1"],
    handshakeTimeout: handshakeTimeoutMs,
    SNICallback: (name, done) => done(null, contexts.of(name.toLowerCase())),
  });
  server.on("secureConnection", (socket) => onSecure(socket, socket.alpnProtocol === "h2"));
  // What is no TLS after all, or stops, or refuses our certificate: the client knows best why.
  server.on("tlsClientError", (_, socket) => socket.destroy());
  return { caPem: authority.certificate, accept: (socket) => void server.emit("connection", socket) };
}

/** Certificates for the names that clients ask for (SNI). */
class Contexts {
  readonly #authority: CertificateAuthority;
  readonly #usual: readonly string[];
  readonly #kept = new Map<string, SecureContext>();

  constructor(authority: CertificateAuthority, usual: readonly string[]) {
    this.#authority = authority;
    this.#usual = usual;
  }

  /** Undefined where the usual certificate will do. */
  of(name: string): SecureContext | undefined {
    if (this.#usual.includes(name) || !isSubjectName(name)) return undefined;
    const kept = this.#kept.get(name);
    if (kept !== undefined) return kept;
    const context = createSecureContext(this.#authority.issue([name, ...this.#usual]));
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size >= mostContexts) this.#kept.delete(oldest);
    this.#kept.set(name, context);
    return context;
  }
}

/** Whoever calls by an address asks for no name: all addresses of this machine are in every certificate. */
function usualNames(hosts: readonly string[]): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
  const given = hosts.map((host) => host.toLowerCase().replace(/^\[(.*)\]$/, "$1"));
  const local = ["localhost", "*.localhost", "127.0.0.1", "::1"];
  return [...new Set([...local, ...dockerNames, ...addresses, ...given])].filter(isSubjectName);
}
