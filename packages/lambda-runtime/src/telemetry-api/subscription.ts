export type TelemetryCategory = "platform" | "function" | "extension";

/** A request to be sent telemetry, checked. */
export interface Subscription {
  readonly schemaVersion: string;
  readonly types: readonly TelemetryCategory[];
  readonly destination: Destination;
  readonly buffering: Buffering;
}

/** Where this process reaches the receiver. */
export interface Destination {
  readonly protocol: "HTTP" | "TCP";
  readonly host: string;
  readonly port: number;
  /** Of HTTP. */
  readonly path: string;
}

/** A batch is sent when one of these is reached. */
export interface Buffering {
  readonly maxItems: number;
  readonly maxBytes: number;
  /** Host milliseconds since the first event of the batch. */
  readonly timeoutMs: number;
}

// AWS: versions, limits and defaults from AWS docs.
const SCHEMA_VERSIONS: ReadonlySet<unknown> = new Set(["2022-07-01", "2022-12-13", "2025-01-29"]);
const LIMITS = {
  maxItems: { from: 1000, to: 10_000, otherwise: 10_000 },
  maxBytes: { from: 262_144, to: 1_048_576, otherwise: 262_144 },
  timeoutMs: { from: 25, to: 30_000, otherwise: 1000 },
} as const;
const SANDBOX: ReadonlySet<string> = new Set(["sandbox.localdomain", "sandbox"]);

/**
 * Reads the body of `PUT /telemetry`, which came from this host; a string tells what is wrong with it. Assumed: the texts; AWS
 * documents only the rules.
 */
export function parseSubscription(body: string, host: string): Subscription | string {
  let request: unknown;
  try {
    request = JSON.parse(body);
  } catch (error) {
    return `failed to parse JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (typeof request !== "object" || request === null) return "the body must be an object";
  const { schemaVersion, types, destination, buffering = {} }: Record<string, unknown> = { ...request };
  if (typeof schemaVersion !== "string" || !SCHEMA_VERSIONS.has(schemaVersion)) {
    return `schemaVersion must be one of ${[...SCHEMA_VERSIONS].join(", ")}`;
  }
  if (!Array.isArray(types) || types.length === 0 || !types.every(isCategory)) {
    return "types must name at least one of platform, function, extension";
  }
  const place = parseDestination(destination, host);
  if (typeof place === "string") return place;
  const limits = parseBuffering(buffering);
  return typeof limits === "string" ? limits : { schemaVersion, types, destination: place, buffering: limits };
}

/**
 * AWS: `sandbox.localdomain` is the environment itself, and so is whoever subscribes. Assumed: TCP is given by a port, as to
 * the older Logs API, or by a URI.
 */
function parseDestination(destination: unknown, host: string): Destination | string {
  const { protocol, URI, port }: Record<string, unknown> = { ...(typeof destination === "object" ? destination : {}) };
  if (protocol !== "HTTP" && protocol !== "TCP") return "destination.protocol must be HTTP or TCP";
  if (protocol === "TCP" && isPort(port)) return { protocol, host, port, path: "" };
  const scheme = protocol === "HTTP" ? "http:" : "tcp:";
  if (typeof URI !== "string" || !URL.canParse(URI)) {
    return `destination.URI must be a URL${protocol === "TCP" ? ", or destination.port a port" : ""}`;
  }
  const url = new URL(URI);
  const given = url.port === "" && protocol === "HTTP" ? 80 : Number(url.port);
  if (url.protocol !== scheme || !SANDBOX.has(url.hostname) || !isPort(given)) {
    return `destination.URI must be ${scheme}//sandbox.localdomain:<port>`;
  }
  return { protocol, host, port: given, path: url.pathname };
}

function isPort(port: unknown): port is number {
  return typeof port === "number" && Number.isInteger(port) && port > 0 && port < 65_536;
}

function parseBuffering(buffering: unknown): Buffering | string {
  if (typeof buffering !== "object" || buffering === null) return "buffering must be an object";
  const given: Record<string, unknown> = { ...buffering };
  const read = { maxItems: 0, maxBytes: 0, timeoutMs: 0 };
  for (const name of ["maxItems", "maxBytes", "timeoutMs"] as const) {
    const { from, to, otherwise } = LIMITS[name];
    const value = given[name] ?? otherwise;
    if (typeof value !== "number" || !Number.isInteger(value) || value < from || value > to) {
      return `buffering.${name} must be between ${from} and ${to}`;
    }
    read[name] = value;
  }
  return read;
}

function isCategory(type: unknown): type is TelemetryCategory {
  return type === "platform" || type === "function" || type === "extension";
}
