import type { ClockState } from "@localemu/control";
import type { WorldClock } from "../core/world-clock.ts";
import { keptFor } from "../gateway/kept-for.ts";
import { AdvanceTimeoutError } from "../time-control.ts";
import type { TimeControl } from "../time-control.ts";
import type { World } from "../world.ts";
import { badRequest, ControlError } from "./control-error.ts";
import type { JsonBody } from "./json-body.ts";

/** The last time that a Date can tell, milliseconds since the epoch. */
const latest = 8.64e15;

export function clockState(world: World): ClockState {
  return { mode: world.clock.mode, now: world.clock.now() };
}

/**
 * Freezes, moves or lets go a world's time, one request after the other. Throws ControlError for a time that has passed and
 * for a world that stays busy, and DataError where that is not kept.
 */
export async function changeClock(world: World, body: JsonBody): Promise<ClockState> {
  const action = body.string("action");
  const { clock, time } = world;
  return time.inTurn(async () => {
    try {
      await keptFor(world, () => change(clock, time, action, body));
    } catch (error) {
      if (error instanceof AdvanceTimeoutError) throw new ControlError(409, "Busy", error.message);
      throw error;
    }
    const state = clockState(world);
    world.timeline.append({ type: "clock.changed", ...state });
    return state;
  });
}

async function change(clock: WorldClock, time: TimeControl, action: string | undefined, body: JsonBody): Promise<void> {
  switch (action) {
    case "freeze": {
      const at = body.number("at");
      if (at !== undefined) notBefore(clock.now(), at, "at");
      clock.setMode("frozen");
      // Time went on between the check and the freeze by a millisecond, perhaps.
      if (at !== undefined) await time.advanceTo(Math.max(clock.now(), at));
      return;
    }
    case "set":
      return time.advanceTo(notBefore(clock.now(), required(body.number("to"), "to"), "to"));
    case "advance":
      return time.advanceTo(clock.now() + notBefore(0, required(body.number("ms"), "ms"), "ms", latest - clock.now()));
    case "resume":
      return clock.setMode("running");
    case "auto":
      return clock.setMode("auto");
    default:
      throw badRequest(`action must be freeze, set, advance, resume or auto, not ${JSON.stringify(action ?? null)}`);
  }
}

function required(value: number | undefined, name: string): number {
  if (value === undefined) throw badRequest(`${name} is missing`);
  return value;
}

function notBefore(earliest: number, value: number, name: string, most = latest): number {
  if (!Number.isInteger(value)) {
    throw badRequest(`${name} must be an integer, not ${value}: world time counts milliseconds`);
  }
  if (value < earliest) throw badRequest(`${name} must not be less than ${earliest}: world time never goes back`);
  if (value > most) throw badRequest(`${name} must not be more than ${most}: dates end there`);
  return value;
}
