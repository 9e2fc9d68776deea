import { DescribeAccountSettingsCommand, UpdateAccountSettingsCommand } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { mustNotBeNull, validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf } from "../emulator/raw-http.ts";
import { latencyMs } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

const day = 24 * 3_600_000;

describe("UpdateAccountSettings", () => {
  test("enables and disables the commitment, which lasts a day at least", async ({ emulator }) => {
    const { emu, kinesis } = emulator;
    const update = async (Status: "ENABLED" | "DISABLED") => {
      const input = { MinimumThroughputBillingCommitment: { Status } };
      return (await kinesis.send(new UpdateAccountSettingsCommand(input))).MinimumThroughputBillingCommitment;
    };
    const commitment = async () =>
      (await kinesis.send(new DescribeAccountSettingsCommand({}))).MinimumThroughputBillingCommitment;
    const { now } = await emu.clock.read();
    const started = { StartedAt: new Date(now), EarliestAllowedEndAt: new Date(now + day) };

    expect(await update("DISABLED")).toStrictEqual({ Status: "DISABLED" });
    expect(await update("ENABLED")).toStrictEqual({ Status: "ENABLED", ...started });
    expect(await commitment()).toStrictEqual({ Status: "ENABLED", ...started });
    await emu.clock.advance(day / 2);
    expect(await update("DISABLED")).toStrictEqual({ Status: "ENABLED_UNTIL_EARLIEST_ALLOWED_END", ...started });
    expect(await update("ENABLED")).toStrictEqual({ Status: "ENABLED", ...started });
    await update("DISABLED");
    await emu.clock.advance(day / 2);
    const ended = { Status: "DISABLED", StartedAt: started.StartedAt, EndedAt: started.EarliestAllowedEndAt };
    expect(await commitment()).toStrictEqual(ended);

    await update("ENABLED");
    await emu.clock.advance(2 * day);
    expect(await update("DISABLED")).toStrictEqual({
      Status: "DISABLED",
      StartedAt: new Date(now + day),
      EndedAt: new Date(now + 3 * day),
    });
  });

  test.for([
    [{}, validation(mustNotBeNull("minimumThroughputBillingCommitment"))],
    [
      { MinimumThroughputBillingCommitment: { Status: "SOME" } },
      validation(
        violation(
          "SOME",
          "minimumThroughputBillingCommitment.status",
          "Member must satisfy enum value set: [ENABLED, DISABLED]",
        ),
      ),
    ],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "UpdateAccountSettings", input)).toBe(failure);
  });
});
