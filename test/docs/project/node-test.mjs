// #region node
import { test } from "node:test";
import assert from "node:assert/strict";
import { KinesisClient, ListStreamsCommand } from "@aws-sdk/client-kinesis";
import { useLocalEmu } from "@localemu/testkit/node";

test("streams are listed", async (t) => {
  const emu = await useLocalEmu(t); // a world of its own; it goes when the test ends
  await emu.createStream("orders");

  const kinesis = new KinesisClient({}); // reaches it, by environment variables that are restored afterwards
  const { StreamNames } = await kinesis.send(new ListStreamsCommand({}));

  assert.deepEqual(StreamNames, ["orders"]);
  kinesis.destroy();
});
// #endregion
