import { GetResourcePolicyCommand } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { activeStream, arnOf, consumerNotFound, latencyMs, unknownResources } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("GetResourcePolicy", () => {
  test("answers with an empty policy where there is none", async ({ emulator, uniqueName: name }) => {
    await activeStream(emulator, name);
    const { body } = await rawKinesis(emulator.emu.endpoint, "GetResourcePolicy", { ResourceARN: arnOf(name) });
    expect(JSON.parse(body)).toStrictEqual({ Policy: "{}" });
  });

  test("knows no consumer that is not registered", async ({ emulator, uniqueName: name }) => {
    await activeStream(emulator, name);
    const ResourceARN = `${arnOf(name)}/consumer/orders:1500000000`;
    expect(await failureOf(emulator.kinesis.send(new GetResourcePolicyCommand({ ResourceARN })))).toBe(
      consumerNotFound(ResourceARN),
    );
  });

  test.for([...unknownResources({})] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "GetResourcePolicy", input)).toBe(failure);
  });
});
