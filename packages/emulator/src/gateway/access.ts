/**
 * Who may call. Every service runs code on behalf of the caller (Lambda above all), so a web page that a developer happens to
 * visit must not reach it: neither by a cross-origin request nor by a host name that was rebound to the loopback address.
 */
export interface AccessRules {
  /** Origins besides the loopback ones, e.g. `https://app.example`. */
  readonly allowedOrigins: readonly string[];
  /** Host names besides the local ones, without a port. */
  readonly allowedHosts: readonly string[];
}

export interface Refusal {
  readonly code: "ForbiddenOrigin" | "ForbiddenHost";
  readonly message: string;
}

/** By these a container reaches the machine that it runs on. */
export const dockerNames: ReadonlySet<string> = new Set([
  "host.docker.internal",
  "gateway.docker.internal",
  "host.containers.internal",
  "host.testcontainers.internal",
  "host.lima.internal",
]);

const ipv4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Why a request with these headers is refused, or undefined when it may come in. */
export function refusalOf(
  host: string | undefined,
  origin: string | undefined,
  rules: AccessRules,
): Refusal | undefined {
  if (host !== undefined && !isLocalHost(hostNameOf(host), rules)) {
    return {
      code: "ForbiddenHost",
      message: `LocalEmu does not answer to the host name ${host}. Use an IP address or localhost, or list it in LOCALEMU_ALLOWED_HOSTS.`,
    };
  }
  if (origin !== undefined && !isAllowedOrigin(origin, rules)) {
    return {
      code: "ForbiddenOrigin",
      message: `LocalEmu does not answer to web pages of ${origin}. List it in LOCALEMU_ALLOWED_ORIGINS to let them in.`,
    };
  }
  return undefined;
}

/**
 * The origin of the web page that makes a request; undefined where none does. Browsers name no origin where a page shows a
 * picture or leads somewhere, but tell that another site does: then its referrer counts, and a page that hides it is `null`.
 */
export function pageOf(headers: Readonly<Record<string, string | undefined>>): string | undefined {
  const { origin, referer = "" } = headers;
  if (origin !== undefined || headers["sec-fetch-site"] !== "cross-site") return origin;
  return /^https?:\/\/[^/?#]+/.exec(referer)?.[0] ?? "null";
}

/** The name in a Host header, lower-case and without a port; IPv6 addresses keep their brackets. */
export function hostNameOf(host: string): string {
  const name = host.toLowerCase();
  if (name.startsWith("[")) return name.slice(0, name.indexOf("]") + 1);
  const colon = name.indexOf(":");
  return colon === -1 ? name : name.slice(0, colon);
}

export function isLoopback(name: string): boolean {
  return (
    name === "localhost" ||
    name.endsWith(".localhost") ||
    name === "[::1]" ||
    (ipv4.test(name) && name.startsWith("127."))
  );
}

function isLocalHost(name: string, rules: AccessRules): boolean {
  return (
    isLoopback(name) ||
    ipv4.test(name) ||
    name.startsWith("[") ||
    !name.includes(".") ||
    dockerNames.has(name) ||
    rules.allowedHosts.includes(name)
  );
}

function isAllowedOrigin(origin: string, rules: AccessRules): boolean {
  if (rules.allowedOrigins.includes(origin)) return true;
  const match = /^https?:\/\/(.+)$/.exec(origin);
  return match?.[1] !== undefined && isLoopback(hostNameOf(match[1]));
}
