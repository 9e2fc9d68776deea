import { KinesisClient, ListStreamsCommand, paginateListStreams } from "@aws-sdk/client-kinesis";
import type { ListStreamsInput } from "@aws-sdk/client-kinesis";
import type { LocalEmu } from "@localemu/testkit";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf } from "../emulator/raw-http.ts";
import { arnOf, createStream, tooShort, unlike } from "./streams.ts";

const test = emulatorTest({ clock: "frozen" });

/** Every test has a region of its own, so that it knows all of its streams. */
async function streamsIn(emu: LocalEmu, region: string, names: readonly string[]) {
  const kinesis = new KinesisClient({ ...emu.getClientConfig(), region });
  for (const name of names) await createStream(kinesis, name);
  const list = (input: ListStreamsInput) => kinesis.send(new ListStreamsCommand(input));
  return { kinesis, list };
}

describe("ListStreams", () => {
  test("lists the streams of the region by name", async ({ emulator }) => {
    const { emu } = emulator;
    const { now } = await emu.clock.read();
    const { list } = await streamsIn(emu, "us-west-2", ["b", "B", "a-1", "a"]);
    const { $metadata, ...output } = await list({});
    expect($metadata.httpStatusCode).toBe(200);
    expect(output).toStrictEqual({
      StreamNames: ["B", "a", "a-1", "b"],
      HasMoreStreams: false,
      StreamSummaries: ["B", "a", "a-1", "b"].map((name) => ({
        StreamName: name,
        StreamARN: arnOf(name, "us-west-2"),
        StreamStatus: "ACTIVE",
        StreamModeDetails: { StreamMode: "PROVISIONED" },
        StreamCreationTimestamp: new Date(Math.floor(now / 1000) * 1000),
      })),
    });
  });

  test("pages by token and by name, a hundred at most", async ({ emulator }) => {
    const names = Array.from({ length: 105 }, (_, index) => `s-${String(index).padStart(3, "0")}`);
    const { kinesis, list } = await streamsIn(emulator.emu, "us-west-1", names);
    const first = await list({});
    expect([first.StreamNames, first.HasMoreStreams]).toEqual([names.slice(0, 100), true]);
    const second = await list({ NextToken: first.NextToken });
    expect([second.StreamNames, second.HasMoreStreams, second.NextToken]).toEqual([names.slice(100), false, undefined]);
    expect((await list({ Limit: 10_000 })).StreamNames).toHaveLength(100);
    expect((await list({ ExclusiveStartStreamName: "s-0015", Limit: 2 })).StreamNames).toEqual(["s-002", "s-003"]);
    expect((await list({ ExclusiveStartStreamName: "s-104" })).StreamNames).toEqual([]);

    const sizes: number[] = [];
    for await (const { StreamNames = [] } of paginateListStreams({ client: kinesis, pageSize: 40 }, {}))
      sizes.push(StreamNames.length);
    expect(sizes).toEqual([40, 40, 25]);
  });

  test("refuses a token that is older than five minutes or was made up", async ({ emulator }) => {
    const { emu } = emulator;
    const { list } = await streamsIn(emu, "sa-east-1", ["a", "b"]);
    const { NextToken } = await list({ Limit: 1 });
    await emu.clock.advance(300_000);
    expect((await list({ NextToken })).StreamNames).toEqual(["b"]);
    await emu.clock.advance(1);
    expect(await failureOf(list({ NextToken }))).toMatch(
      /^400 ExpiredNextTokenException: NextToken expired\. .* tolerated delay of 300000 milliseconds\.$/,
    );
    expect(await failureOf(list({ NextToken: "bWFkZSB1cA==" }))).toBe(
      "400 InvalidArgumentException: Invalid NextToken.",
    );
  });

  test.for([
    [{ Limit: 0 }, validation(violation("0", "limit", "Member must have value greater than or equal to 1"))],
    [
      { Limit: 10_001, ExclusiveStartStreamName: "" },
      validation(
        violation("10001", "limit", "Member must have value less than or equal to 10000"),
        unlike("", "exclusiveStartStreamName"),
        tooShort("", "exclusiveStartStreamName"),
      ),
    ],
    [{ Limit: true }, "400 SerializationException: class java.lang.Boolean can not be converted to an Integer"],
    [
      { ExclusiveStartStreamName: 3.5 },
      "400 SerializationException: class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String",
    ],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "ListStreams", input)).toBe(failure);
  });
});
