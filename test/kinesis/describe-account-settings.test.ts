import { DescribeAccountSettingsCommand } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { rawKinesis } from "../emulator/raw-http.ts";
import { latencyMs } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("DescribeAccountSettings", () => {
  test("tells that there is no commitment", async ({ emulator }) => {
    const { emu, kinesis } = emulator;
    expect(await kinesis.send(new DescribeAccountSettingsCommand({}))).toMatchObject({
      MinimumThroughputBillingCommitment: { Status: "DISABLED" },
    });
    const { body } = await rawKinesis(emu.endpoint, "DescribeAccountSettings", {});
    expect(JSON.parse(body)).toStrictEqual({ MinimumThroughputBillingCommitment: { Status: "DISABLED" } });
  });
});
