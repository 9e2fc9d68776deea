export type TelemetryCategory = "platform" | "function" | "extension";

/** A request to be sent telemetry, checked. */
export interface Subscription {
  readonly schemaVersion: string;
  readonly types: readonly TelemetryCategory[];
  /** Where this process reaches it. */
  readonly destination: { readonly host: string; readonly port: number; readonly path: string };
  readonly buffering: Buffering;
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

/** AWS: `sandbox.localdomain` is the environment itself, and so is whoever subscribes. */
function parseDestination(destination: unknown, host: string): Subscription["destination"] | string {
  const { protocol, URI }: Record<string, unknown> = { ...(typeof destination === "object" ? destination : {}) };
  if (protocol !== "HTTP") return "destination.protocol must be HTTP; TCP is not supported by LocalEmu";
  if (typeof URI !== "string" || !URL.canParse(URI)) return "destination.URI must be a URL";
  const { protocol: scheme, hostname, port, pathname } = new URL(URI);
  if (scheme !== "http:" || !SANDBOX.has(hostname)) {
    return "destination.URI must be http://sandbox.localdomain:<port>";
  }
  return { host, port: port === "" ? 80 : Number(port), path: pathname };
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
