import type { Load } from "./crashes.ts";
import { Deliveries } from "./deliveries.ts";
import { Items } from "./items.ts";
import { Messages } from "./messages.ts";
import { Puts } from "./puts.ts";

interface CountingLoad extends Load {
  /** How many calls were answered. */
  readonly answered: number;
}

/** What emulators are killed under. */
export const loads: readonly (readonly [name: string, load: (random: () => number) => CountingLoad])[] = [
  ["records", (random) => new Puts(random)],
  ["messages", (random) => new Messages(random)],
  ["deliveries", (random) => new Deliveries(random)],
  ["items", (random) => new Items(random)],
];
