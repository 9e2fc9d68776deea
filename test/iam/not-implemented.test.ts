import * as sdk from "@aws-sdk/client-iam";
import { notImplemented } from "../../packages/emulator/src/services/iam/not-implemented.ts";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { expectDeclined } from "../emulator/every-operation.ts";

const test = emulatorTest();

test("every other operation says that it is not implemented, and is not tried again", async ({ emulator }) => {
  // Some operations put a word before the host's name, which an address has not.
  const client = new sdk.IAMClient({ ...emulator.emu.getClientConfig(), disableHostPrefix: true });
  await expectDeclined(sdk, client, notImplemented);
});
