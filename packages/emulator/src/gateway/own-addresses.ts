import { hostNameOf, isLoopback } from "./access.ts";
import type { Scheme } from "./listener.ts";

/** How many further ports a server may listen on to be reached as its callers reach it. */
const mostPorts = 16;

/**
 * The way home: a caller that reached the server by a mapped port (`127.0.0.1:32811` for a container's 4566) hands out URLs with
 * that port, and functions that run beside the server must be able to use them. So the server listens there too, if it can.
 */
export class OwnAddresses {
  readonly #listen: (address: string, port: number) => Promise<number>;
  readonly #ports = new Set<number>();
  readonly #asked = new Map<number, Promise<void>>();
  #first = 0;
  #reached: Promise<number> | undefined;

  constructor(listen: (address: string, port: number) => Promise<number>) {
    this.#listen = listen;
  }

  add(port: number): void {
    if (this.#first === 0) this.#first = port;
    this.#ports.add(port);
  }

  /** Listens on the loopback port of a Host header, once; undefined when there is nothing to wait for. */
  addressedAs(host: string, scheme: Scheme): Promise<void> | undefined {
    const port = portOf(host, scheme);
    if (this.#ports.has(port)) return undefined;
    const asked = this.#asked.get(port);
    if (asked !== undefined) return asked;
    if (!isLoopback(hostNameOf(host)) || this.#asked.size >= mostPorts) return undefined;
    // A port that is taken belongs to somebody else here: functions then come home by our own.
    const listening = this.#listen("127.0.0.1", port).then(
      () => void this.#ports.add(port),
      () => {},
    );
    this.#asked.set(port, listening);
    return listening;
  }

  /** Resolves to a port where we listen on another address of this machine: our own, if it can be, and `host` is where that is. */
  async reachOn(address: string, host: string): Promise<number> {
    if (host === address || host === "0.0.0.0" || host === "::") return this.#first;
    this.#reached ??= this.#listen(address, this.#first).catch(() => this.#listen(address, 0));
    return this.#reached;
  }

  /**
   * An endpoint that leads here from this machine: on the port of `origin` where we listen on it, else on our own port. Without
   * TLS, which is on every port too: functions do not know our certificate.
   */
  homeOf(origin: string): string {
    const match = /^http(s?):\/\/([^/]+)(.*)$/.exec(origin);
    const [, secure = "", host = "", path = ""] = match ?? [];
    const asked = portOf(host, secure === "" ? "http" : "https");
    const port = isLoopback(hostNameOf(host)) && this.#ports.has(asked) ? asked : this.#first;
    return `http://127.0.0.1:${port}${path}`;
  }
}

function portOf(host: string, scheme: Scheme): number {
  const match = /:(\d+)$/.exec(host);
  if (match !== null) return Number(match[1]);
  return scheme === "https" ? 443 : 80;
}
