import type { ClockMode } from "./core/world-clock.ts";

/** Options of `startEmulator` and of the command line. */
export interface EmulatorOptions {
  /** Address to listen on. Default `127.0.0.1`; environment `LOCALEMU_HOST`. */
  readonly host?: string;
  /** Port to listen on, `0` for any free one. Default 4566 on the command line and 0 embedded; environment `LOCALEMU_PORT`. */
  readonly port?: number;
  /** Region where a request names none. Default `us-east-1`; environment `LOCALEMU_REGION`. */
  readonly region?: string;
  /** How the clock of a new world starts. Default `running`; environment `LOCALEMU_CLOCK`. */
  readonly clock?: ClockMode;
  /**
   * World time before a failed batch of an event source mapping is tried again for the first time; it doubles from there up to
   * a minute. Milliseconds, default 25; AWS waits about 500. Environment `LOCALEMU_RETRY_BASE_DELAY_MS`.
   */
  readonly retryBaseDelayMs?: number;
  /** World time that streams stay CREATING and DELETING, milliseconds. Default 0; environment `KINESIS_LATENCY`. */
  readonly kinesisLatencyMs?: number;
  /** Open shards that a region may have. Default 20 000; environment `KINESIS_SHARD_LIMIT`. */
  readonly kinesisShardLimit?: number;
  /** Origins of web pages that may call, besides loopback ones. Environment `LOCALEMU_ALLOWED_ORIGINS`, separated by commas. */
  readonly allowedOrigins?: readonly string[];
  /** Host names that may be called, besides local ones. Environment `LOCALEMU_ALLOWED_HOSTS`, separated by commas. */
  readonly allowedHosts?: readonly string[];
  /** Where function code is unpacked. Default a new directory under the system's temporary one; environment `LOCALEMU_TMPDIR`. */
  readonly workDirectory?: string;
}

export type Settings = Required<Omit<EmulatorOptions, "workDirectory">> & Pick<EmulatorOptions, "workDirectory">;

/** Thrown when an option has a value that it cannot have; the message names the option and what it takes. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

type Problem = string | undefined;

const integer =
  (min: number, max: number) =>
  (value: unknown): Problem =>
    typeof value === "number" && Number.isInteger(value) && value >= min && value <= max
      ? undefined
      : `an integer from ${min} to ${max}`;

const text = (value: unknown): Problem =>
  typeof value === "string" && value !== "" ? undefined : "a text that is not empty";

const texts = (value: unknown): Problem =>
  Array.isArray(value) && value.every((item) => text(item) === undefined) ? undefined : "a list of texts";

const clockModes: readonly ClockMode[] = ["running", "frozen", "auto"];

const rules: { readonly [Name in keyof EmulatorOptions]-?: (value: unknown) => Problem } = {
  host: text,
  port: integer(0, 65_535),
  region: (value) =>
    typeof value === "string" && /^[a-z]{2}(-[a-z]+)+-\d$/.test(value) ? undefined : "a region such as us-east-1",
  clock: (value) => (clockModes.some((mode) => mode === value) ? undefined : "running, frozen or auto"),
  retryBaseDelayMs: integer(1, 60_000),
  kinesisLatencyMs: integer(0, 3_600_000),
  kinesisShardLimit: integer(1, 1_000_000),
  allowedOrigins: texts,
  allowedHosts: texts,
  workDirectory: text,
};

/** Fills in the defaults. Throws OptionError for a value that an option cannot have and for an option that does not exist. */
export function settle(options: EmulatorOptions): Settings {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!isOption(name)) throw new OptionError(`unknown option ${name}; there are ${Object.keys(rules).join(", ")}`);
    const problem = rules[name](value);
    if (problem !== undefined) throw new OptionError(`option ${name} must be ${problem}, not ${JSON.stringify(value)}`);
  }
  return {
    host: options.host ?? "127.0.0.1",
    port: options.port ?? 0,
    region: options.region ?? "us-east-1",
    clock: options.clock ?? "running",
    retryBaseDelayMs: options.retryBaseDelayMs ?? 25,
    kinesisLatencyMs: options.kinesisLatencyMs ?? 0,
    kinesisShardLimit: options.kinesisShardLimit ?? 20_000,
    allowedOrigins: options.allowedOrigins ?? [],
    allowedHosts: (options.allowedHosts ?? []).map((name) => name.toLowerCase()),
    ...(options.workDirectory === undefined ? {} : { workDirectory: options.workDirectory }),
  };
}

function isOption(name: string): name is keyof EmulatorOptions {
  return Object.hasOwn(rules, name);
}

const number = (value: string): number => (/^-?\d+$/.test(value.trim()) ? Number(value) : Number.NaN);
const list = (value: string): string[] =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

function clockMode(value: string): ClockMode {
  const mode = clockModes.find((known) => known === value);
  if (mode === undefined)
    throw new OptionError(`option clock must be ${clockModes.join(", ")}, not ${JSON.stringify(value)}`);
  return mode;
}

/** Environment variable → option; LocalStack's name where it has one for the same thing. */
const variables: { readonly [variable: string]: (value: string) => EmulatorOptions } = {
  LOCALEMU_HOST: (value) => ({ host: value }),
  LOCALEMU_PORT: (value) => ({ port: number(value) }),
  LOCALEMU_REGION: (value) => ({ region: value }),
  LOCALEMU_CLOCK: (value) => ({ clock: clockMode(value) }),
  LOCALEMU_RETRY_BASE_DELAY_MS: (value) => ({ retryBaseDelayMs: number(value) }),
  KINESIS_LATENCY: (value) => ({ kinesisLatencyMs: number(value) }),
  KINESIS_SHARD_LIMIT: (value) => ({ kinesisShardLimit: number(value) }),
  LOCALEMU_ALLOWED_ORIGINS: (value) => ({ allowedOrigins: list(value) }),
  LOCALEMU_ALLOWED_HOSTS: (value) => ({ allowedHosts: list(value) }),
  LOCALEMU_TMPDIR: (value) => ({ workDirectory: value }),
};

/**
 * Reads options from environment variables; an empty one counts as absent.
 * Throws OptionError, naming the variable, for a value that its option cannot have.
 */
export function optionsFromEnvironment(environment: Readonly<Record<string, string | undefined>>): EmulatorOptions {
  let options: EmulatorOptions = {};
  for (const [name, read] of Object.entries(variables)) {
    const value = environment[name];
    if (value === undefined || value === "") continue;
    try {
      const option = read(value);
      settle(option);
      options = { ...options, ...option };
    } catch (error) {
      if (error instanceof OptionError) throw new OptionError(`${name}: ${error.message}`);
      throw error;
    }
  }
  return options;
}
