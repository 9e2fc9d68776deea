import fc from "fast-check";
import { within } from "./emulator-under-fire.ts";
import type { EmulatorUnderFire } from "./emulator-under-fire.ts";

/** How long an input may go without an answer or a closed connection, in milliseconds. */
const answerMs = 10_000;

/** How many inputs are on their way at a time, at most. */
const mostAtATime = 8;

/** One kind of bad input: how it is made, and how it reaches the emulator. */
export interface Campaign {
  readonly name: string;
  /** Sends inputs, `salvoes` times some at a time. Rejects with the smallest input that harms, and with its seed. */
  run(range: Range, seed: number, salvoes: number): Promise<void>;
}

/** Where bad input goes: the emulator of the moment, and a new one after one that did not survive. */
export interface Range {
  current(): Promise<EmulatorUnderFire>;
}

export interface CampaignParts<Input> {
  readonly inputs: fc.Arbitrary<Input>;
  /** Resolves when the input was answered, or its connection was closed. */
  readonly send: (endpoint: string, input: Input) => Promise<unknown>;
  /** What must be there before the first input. */
  readonly prepare?: (endpoint: string) => Promise<unknown>;
  /** How many inputs are on their way at a time, at most. Default 8. */
  readonly atATime?: number;
}

export function campaign<Input>(
  name: string,
  { inputs, send, prepare, atATime = mostAtATime }: CampaignParts<Input>,
): Campaign {
  return {
    name,
    async run(range, seed, salvoes) {
      let prepared = "";
      const unharmed = async (some: readonly Input[]): Promise<void> => {
        const emulator = await range.current();
        if (prepared !== emulator.endpoint) await prepare?.(emulator.endpoint);
        prepared = emulator.endpoint;
        const sent = Promise.all(some.map((input) => send(emulator.endpoint, input)));
        await within(answerMs, sent, `an input of "${name}" was neither answered nor closed`);
        await emulator.assertWell();
      };
      await fc.assert(fc.asyncProperty(fc.array(inputs, { minLength: 1, maxLength: atATime, size: "max" }), unharmed), {
        seed,
        numRuns: salvoes,
        // Each shrunk input is tried on a live emulator; what remains is small enough to read.
        interruptAfterTimeLimit: 120_000,
      });
    },
  };
}
