import assert from "node:assert/strict";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { EventCommand, EventNote, EventOutcome, EventSettings } from "./event.ts";
import { startEvent, stepEvent } from "./event-machine.ts";

const outcomes = fc.array(
  fc.oneof(
    { weight: 1, arbitrary: fc.constant<EventOutcome>({ kind: "success" }) },
    { weight: 6, arbitrary: fc.constant<EventOutcome>({ kind: "functionError", error: "no" }) },
    {
      weight: 20,
      arbitrary: fc.record({
        kind: fc.constant("refused" as const),
        reason: fc.constantFrom("throttled" as const, "serviceError" as const, "denied" as const),
        error: fc.constant("not now"),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("refused" as const),
        reason: fc.constantFrom("noConcurrency" as const, "functionMissing" as const, "recursion" as const),
        error: fc.constant("never"),
      }),
    },
  ),
  { minLength: 1, maxLength: 60, size: "max" },
);

const settingsOf = fc.record<EventSettings>({
  maxRetryAttempts: fc.integer({ min: 0, max: 2 }),
  maxAgeMs: fc.integer({ min: 60_000, max: 21_600_000 }),
  retryDelayMs: fc.constantFrom(1000, 60_000),
  firstReturnMs: fc.constantFrom(10, 1000),
  maxReturnMs: fc.constant(300_000),
});

test("an event is given to its function until it is over, and told of once", () => {
  fc.assert(
    fc.property(outcomes, settingsOf, fc.nat(5000), (given, settings, durationMs) => {
      const queuedAt = 1_000_000;
      let now = queuedAt;
      let reached = 0;
      const commands: EventCommand[] = [];
      const notes: EventNote[] = [];
      let step = startEvent(now);
      const next = [...given];
      for (;;) {
        commands.push(step.command);
        notes.push(...step.notes);
        const { state, command } = step;
        if (command.kind === "finish") break;
        if (command.kind === "invoke") {
          const outcome = next.shift();
          if (outcome === undefined) break;
          // No attempt begins later than the event may be old.
          assert(now - queuedAt <= settings.maxAgeMs, "an attempt comes too late");
          now += durationMs;
          if (outcome.kind !== "refused") reached++;
          step = stepEvent(state, { kind: "invoked", outcome }, settings, now);
        } else if (command.kind === "wait") {
          assert(command.until > now, "nothing is waited for");
          now = command.until;
          step = stepEvent(state, { kind: "timeReached" }, settings, now);
        } else if (command.kind === "report") {
          assert.equal(command.invocations, reached);
          step = stepEvent(state, { kind: "reported" }, settings, now);
        } else assert.fail("there was something to do");
      }
      // A function that fails has the event as often as it may, and no more.
      expect(reached).toBeLessThanOrEqual(settings.maxRetryAttempts + 1);
      expect(commands.filter(({ kind }) => kind === "report").length).toBeLessThanOrEqual(1);
      const dropped = notes.filter(({ type }) => type === "function.eventDropped");
      const isOver = commands.at(-1)?.kind === "finish";
      const succeeded = commands.some((command) => command.kind === "report" && command.condition === "Success");
      expect(dropped).toHaveLength(isOver && !succeeded ? 1 : 0);
    }),
  );
});
