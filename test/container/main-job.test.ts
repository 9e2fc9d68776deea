import { expect, test } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import { checkMainJob, mainJobResult } from "../main-job/check-main-job.ts";
import { hasDocker, testContainer } from "./container.ts";

test.runIf(hasDocker)("the main job runs in the container as it does embedded", async () => {
  await using container = await testContainer().start();
  expect(await checkMainJob({ ...clientsOf(container.emu), emu: container.emu })).toEqual(mainJobResult);
});
