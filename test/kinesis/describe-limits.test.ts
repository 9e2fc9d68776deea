import { DescribeLimitsCommand } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { rawKinesis } from "../emulator/raw-http.ts";
import { activeStream, createStream, latencyMs } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("DescribeLimits", () => {
  test("counts open shards of provisioned streams, and on-demand streams", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const none = {
      ShardLimit: 20_000,
      OpenShardCount: 0,
      OnDemandStreamCount: 0,
      OnDemandStreamCountLimit: 50,
      ChannelCount: 0,
      ChannelCountLimit: 0,
    };
    const limits = async () => {
      const { $metadata: _, ...reply } = await kinesis.send(new DescribeLimitsCommand({}));
      return reply;
    };
    expect(await limits()).toStrictEqual(none);
    await activeStream(emulator, name, 3);
    await createStream(kinesis, `${name}-next`, 2);
    await rawKinesis(emu.endpoint, "CreateStream", { StreamName: `${name}-on-demand` });
    expect(await limits()).toStrictEqual({ ...none, OpenShardCount: 5, OnDemandStreamCount: 1 });
  });
});
