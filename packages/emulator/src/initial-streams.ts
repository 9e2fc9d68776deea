import { isRegion } from "./core/arns.ts";

/** A Kinesis stream that is there from the start. */
export interface InitialStream {
  /** 1 to 128 of letters, digits, `_`, `-` and `.`. */
  readonly name: string;
  /** Open shards, 1 to 10 000. */
  readonly shards: number;
  /** Default: the option `region`. */
  readonly region?: string;
}

const maxShards = 10_000;
const streamName = /^[a-zA-Z0-9_.-]{1,128}$/;

/** What an option of initial streams must be, where `value` is something else. */
export function initialStreamsProblem(value: unknown): string | undefined {
  if (Array.isArray(value) && value.every(isInitialStream)) return undefined;
  return `streams with 1 to ${maxShards} shards, such as orders:2 or orders:2:eu-west-1`;
}

/** Reads `<name>:<shards>` and `<name>:<shards>:<region>`. What is wrong with them, `initialStreamsProblem` finds. */
export function initialStreamsOf(texts: readonly string[]): readonly InitialStream[] {
  return texts.map((text) => {
    const [name = "", shards = "", ...rest] = text.split(":");
    const region = rest.length === 0 ? {} : { region: rest.join(":") };
    return { name, shards: /^\d+$/.test(shards) ? Number(shards) : Number.NaN, ...region };
  });
}

function isInitialStream(value: unknown): value is InitialStream {
  if (typeof value !== "object" || value === null || !("name" in value && "shards" in value)) return false;
  const { name, shards } = value;
  if (typeof name !== "string" || !streamName.test(name)) return false;
  if (typeof shards !== "number" || !Number.isInteger(shards) || shards < 1 || shards > maxShards) return false;
  return !("region" in value) || value.region === undefined || isRegion(value.region);
}
