import { expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import { checkMainJob, mainJobResult } from "./check-main-job.ts";

test("poison records of a stream are isolated and every other record is processed once, in order", async () => {
  await using clients = await startTestEmulator();
  expect(await checkMainJob(clients)).toEqual(mainJobResult);
});
