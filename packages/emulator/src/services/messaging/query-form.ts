import type { MessagingRequest } from "./ports.ts";

/**
 * What a request in the query protocol names, by name: a GET has it in its query. Of what is said twice the first counts, for
 * permissions and for what is done.
 */
export function queryForm({ method, url, body }: MessagingRequest): ReadonlyMap<string, string> {
  const inBody = Buffer.isBuffer(body) ? body.toString() : "";
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(method === "GET" ? (url.split("?")[1] ?? "") : inBody))
    if (!form.has(name)) form.set(name, value);
  return form;
}
