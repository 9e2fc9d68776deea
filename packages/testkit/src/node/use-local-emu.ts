import { ControlClient } from "@localemu/control";
import { connect, startLocalEmu } from "../connect.ts";
import { LocalEmu } from "../local-emu.ts";
import { failureTimeline } from "../runner/failure-timeline.ts";
import { runningEndpoint } from "../runner/open-emulator.ts";
import { startClock } from "../runner/open-world.ts";
import { addToStepSummary } from "../runner/step-summary.ts";
import { setVariables } from "../environment-variables.ts";

/** What a test's context of `node:test` has. */
export interface TestScope {
  readonly name?: string;
  after(end: () => Promise<void>): void;
  /** What the test failed with. */
  readonly error?: unknown;
  /** Writes to the report. */
  diagnostic?(message: string): void;
}

/** Where a test's world is, and how it begins. */
export interface UseLocalEmuOptions {
  /** A LocalEmu that runs. Default: the environment variable `LOCALEMU_ENDPOINT`; without it one is started in this process. */
  readonly endpoint?: string;
  /** How the world's clock starts. Default `running`. */
  readonly clock?: "running" | "frozen" | "auto";
  /**
   * AWS clients that are made without configuration reach the world, by environment variables that are restored at its end.
   * Default true; tests that run at the same time in one process share these variables, and want false.
   */
  readonly environment?: boolean;
}

/**
 * Gives a test of `node:test` a world of its own; it goes when the test ends, or when it is closed, and a test that failed shows
 * the end of its timeline. Without an endpoint it needs the package `@localemu/emulator`.
 *
 * @example
 * ```ts
 * import { test } from "node:test";
 * import { useLocalEmu } from "@localemu/testkit/node";
 *
 * test("a poison record lands in the DLQ", async (t) => {
 *   await using emu = await useLocalEmu(t);
 *   const stream = await emu.createStream("orders");
 * });
 * ```
 */
export async function useLocalEmu(t: TestScope, options: UseLocalEmuOptions = {}): Promise<LocalEmu> {
  const { clock, environment = true } = options;
  const endpoint = runningEndpoint(options, process.env);
  const server = await (endpoint === undefined ? startLocalEmu() : connect(endpoint));
  const ends: (() => void | Promise<void>)[] = [() => server.close()];
  // The last thing that was made ends first; each ends, whatever becomes of the others.
  const end = async (): Promise<void> => {
    const last = ends.pop();
    if (last === undefined) return;
    try {
      await last();
    } finally {
      await end();
    }
  };
  try {
    const world = await server.createWorld();
    ends.push(() => world.close());
    await startClock(world, clock);
    // With connections of its own: those of `world` are needed when it is closed.
    const emu = new LocalEmu(new ControlClient(world.endpoint), await world.control.info(), end);
    let timeline: string | undefined;
    // A test that closes its world, by `await using`, does so before it is known whether it failed.
    ends.push(async () => void (timeline ??= await failureTimeline(world)));
    if (environment) ends.push(setVariables(process.env, emu.getEnvironment()));
    t.after(async () => {
      // Unset or null while the test has not failed.
      if (t.error !== undefined && t.error !== null) {
        timeline ??= await failureTimeline(emu);
        t.diagnostic?.(timeline);
        addToStepSummary(t.name ?? "a test", timeline, process.env);
      }
      await emu.close();
    });
    return emu;
  } catch (error) {
    await end();
    throw error;
  }
}
