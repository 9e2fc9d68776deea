import { DeleteLogStreamCommand, DescribeLogStreamsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { createGroup, messagesOf, noGroup, noStream, putLines } from "./log-lines.ts";

const test = emulatorTest({ clock: "frozen" });

test("deletes a stream with its lines, and no other", async ({ emulator, uniqueName: logGroupName }) => {
  const { emu, logs } = emulator;
  const { now } = await emu.clock.read();
  await createGroup(logs, logGroupName, "a", "b");
  await putLines(logs, logGroupName, "a", [[now, "of a"]]);
  await putLines(logs, logGroupName, "b", [[now, "of b"]]);
  const remove = (logStreamName: string) => logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName }));
  await remove("a");
  const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName }));
  expect(logStreams?.map((stream) => stream.logStreamName)).toEqual(["b"]);
  expect(await messagesOf(logs, logGroupName)).toEqual(["of b"]);
  expect(await failureOf(remove("a"))).toBe(noStream);
  expect(await failureOf(logs.send(new DeleteLogStreamCommand({ logGroupName: "none", logStreamName: "a" })))).toBe(
    noGroup,
  );
});
