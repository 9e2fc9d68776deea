import {
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  RegisterStreamConsumerCommand,
} from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import {
  activeStream,
  arnOf,
  createStream,
  invalidArgument,
  latencyMs,
  notActive,
  put,
  unknownResources,
} from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

const policyOf = (Effect: string): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect, Principal: "*", Action: "kinesis:*" }] });

describe("PutResourcePolicy", () => {
  test("keeps a stream's policy and replaces it; nobody is denied", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    const ResourceARN = arnOf(name);
    const reply = await rawKinesis(emu.endpoint, "PutResourcePolicy", { ResourceARN, Policy: policyOf("Allow") });
    expect([reply.status, reply.body]).toEqual([200, ""]);
    await kinesis.send(new PutResourcePolicyCommand({ ResourceARN, Policy: policyOf("Deny") }));
    expect((await kinesis.send(new GetResourcePolicyCommand({ ResourceARN }))).Policy).toBe(policyOf("Deny"));
    await put(kinesis, name, "a");
  });

  test("waits for a stream or consumer to be ACTIVE", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const putPolicy = (ResourceARN: string) =>
      kinesis.send(new PutResourcePolicyCommand({ ResourceARN, Policy: policyOf("Allow") }));
    await createStream(kinesis, name);
    expect(await failureOf(putPolicy(arnOf(name)))).toBe(notActive(name, "CREATING"));
    await emu.clock.advance(latencyMs);
    const registration = { StreamARN: arnOf(name), ConsumerName: "orders" };
    const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand(registration));
    const arn = Consumer?.ConsumerARN ?? "";
    const created = arn.slice(arn.lastIndexOf(":") + 1);
    expect(await failureOf(putPolicy(arn))).toBe(
      `400 ResourceInUseException: Consumer orders with creation timestamp ${created} under stream ${name} and account ` +
        "000000000000 is not in ACTIVE status.",
    );
    await emu.clock.advance(latencyMs);
    await putPolicy(arn);
    expect((await kinesis.send(new GetResourcePolicyCommand({ ResourceARN: arn }))).Policy).toBe(policyOf("Allow"));
    expect((await kinesis.send(new GetResourcePolicyCommand({ ResourceARN: arnOf(name) }))).Policy).toBe("{}");
  });

  test.for(["", "policy", "[]", "1"])("refuses the policy %j", async (Policy, { emulator, uniqueName: name }) => {
    await activeStream(emulator, name);
    const input = { ResourceARN: arnOf(name), Policy };
    expect(await rawFailureOf(emulator.emu.endpoint, "PutResourcePolicy", input)).toBe(
      invalidArgument("The provided policy is not valid JSON."),
    );
  });

  test.for([
    ...unknownResources({ Policy: "{}" }),
    [{ ResourceARN: arnOf("none") }, validation(mustNotBeNull("policy"))],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "PutResourcePolicy", input)).toBe(failure);
  });
});
