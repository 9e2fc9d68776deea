import { GetResourcePolicyCommand, PutResourcePolicyCommand } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { activeStream, arnOf, latencyMs, unknownResources } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("DeleteResourcePolicy", () => {
  test("deletes a policy, once", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    const ResourceARN = arnOf(name);
    await kinesis.send(new PutResourcePolicyCommand({ ResourceARN, Policy: '{"Statement":[]}' }));
    const reply = await rawKinesis(emu.endpoint, "DeleteResourcePolicy", { ResourceARN });
    expect([reply.status, reply.body]).toEqual([200, ""]);
    expect((await kinesis.send(new GetResourcePolicyCommand({ ResourceARN }))).Policy).toBe("{}");
    expect(await rawFailureOf(emu.endpoint, "DeleteResourcePolicy", { ResourceARN })).toBe(
      `400 ResourceNotFoundException: No resource policy found for resource ARN ${ResourceARN}`,
    );
  });

  test.for([...unknownResources({})] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "DeleteResourcePolicy", input)).toBe(failure);
  });
});
