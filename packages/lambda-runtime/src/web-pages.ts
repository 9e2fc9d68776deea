import type { IncomingHttpHeaders } from "node:http";

const loopbackOrigin = /^https?:\/\/(?:localhost|[^/]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/;

/** Whether a web page that is not of this machine makes a request. Node.js' own `fetch` names neither an origin nor a site. */
export function isOfForeignPage({ origin, referer = "", ...headers }: IncomingHttpHeaders): boolean {
  if (origin !== undefined) return !loopbackOrigin.test(origin);
  if (headers["sec-fetch-site"] !== "cross-site") return false;
  return !loopbackOrigin.test(/^https?:\/\/[^/?#]+/.exec(referer)?.[0] ?? "");
}

const localName = /^(?:[^.]*|\d{1,3}(?:\.\d{1,3}){3}|.+\.localhost|.+\.internal|sandbox\.localdomain)$/;

/**
 * Whether a request names a host that is not this machine: a web page's, whose name was rebound. `.internal` is nobody's on the
 * Internet (ICANN, 2024), and engines name the machine by it; AWS: `sandbox.localdomain` is the sandbox.
 */
export function isForForeignHost({ host = "" }: IncomingHttpHeaders): boolean {
  return !host.startsWith("[") && !localName.test(host.replace(/:\d+$/, "").toLowerCase());
}
