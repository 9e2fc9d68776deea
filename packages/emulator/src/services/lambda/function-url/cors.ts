import type { Cors } from "@aws-sdk/client-lambda";
import type { UrlReply, UrlRequest } from "./url-messages.ts";

/**
 * The answer to a web page that asks whether it may call; undefined for another request, and where a URL has no settings: the
 * function then answers itself (AWS docs). Assumed: a page that may not is answered without these headers.
 */
export function preflightReply(cors: Cors | undefined, { method, headers }: UrlRequest): UrlReply | undefined {
  if (cors === undefined || method !== "OPTIONS" || !headers.has("access-control-request-method")) return undefined;
  const allowed = allowedOrigin(cors, headers.get("origin"));
  if (allowed === undefined) return { status: 200, headers: {}, body: "" };
  return {
    status: 200,
    headers: {
      ...allowed,
      ...listed("Access-Control-Allow-Methods", cors.AllowMethods),
      ...listed("Access-Control-Allow-Headers", cors.AllowHeaders),
      ...(cors.MaxAge === undefined ? {} : { "Access-Control-Max-Age": String(cors.MaxAge) }),
    },
    body: "",
  };
}

/** A reply as a web page may read it. AWS docs: the URL's settings overrule what the function says of them. */
export function withCors(cors: Cors | undefined, { headers }: UrlRequest, reply: UrlReply): UrlReply {
  if (cors === undefined) return reply;
  const own = Object.entries(reply.headers).filter(([name]) => !/^access-control-|^vary$/i.test(name));
  const varies = Object.entries(reply.headers).find(([name]) => name.toLowerCase() === "vary")?.[1];
  const allowed = allowedOrigin(cors, headers.get("origin"));
  const exposed = allowed === undefined ? {} : listed("Access-Control-Expose-Headers", cors.ExposeHeaders);
  return {
    ...reply,
    headers: {
      ...Object.fromEntries(own),
      ...allowed,
      ...exposed,
      Vary: varies === undefined ? "Origin" : `${varies.toString()}, Origin`,
    },
  };
}

function allowedOrigin(cors: Cors, origin: string | undefined): Record<string, string> | undefined {
  const { AllowOrigins: origins = [], AllowCredentials: credentials = false } = cors;
  const anyone = origins.includes("*");
  if (origin === undefined || !(anyone || origins.includes(origin))) return undefined;
  return {
    // Browsers take no wildcard together with credentials.
    "Access-Control-Allow-Origin": anyone && !credentials ? "*" : origin,
    ...(credentials ? { "Access-Control-Allow-Credentials": "true" } : {}),
    Vary: "Origin",
  };
}

function listed(name: string, values: readonly string[] | undefined): Record<string, string> {
  return values === undefined || values.length === 0 ? {} : { [name]: values.join(",") };
}
