import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import type { LocalEmu } from "@localemu/testkit";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { clientsOf, startTestEmulator } from "../emulator/emulator.ts";
import type { Clients, TestEmulator } from "../emulator/emulator.ts";

/** A world with clients of the services that notify. */
export interface NotifiedWorld extends Clients {
  readonly emu: LocalEmu;
  readonly s3: S3Client;
  readonly sns: SNSClient;
}

/** A new world for each test of a file, frozen at a time of 2100. */
export function notifiedWorlds(): { readonly current: NotifiedWorld } {
  const held: { server?: TestEmulator; world?: NotifiedWorld } = {};
  beforeAll(async () => {
    held.server = await startTestEmulator();
  });
  beforeEach(async () => {
    const emu = await held.server?.emu.createWorld();
    if (emu === undefined) throw new Error("the emulator has not been started");
    await emu.clock.freeze(Date.UTC(2100, 6, 1, 9, 30, 15, 250));
    const config = emu.getClientConfig();
    held.world = { ...clientsOf(emu), emu, s3: new S3Client(config), sns: new SNSClient(config) };
  });
  afterEach(async () => {
    held.world?.s3.destroy();
    held.world?.sns.destroy();
    await held.world?.emu.close();
  });
  afterAll(() => held.server?.[Symbol.asyncDispose]());
  return {
    get current() {
      if (held.world === undefined) throw new Error("there is no world yet");
      return held.world;
    },
  };
}
