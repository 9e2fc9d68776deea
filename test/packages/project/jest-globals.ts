import { expect, test } from "@jest/globals";
import { emu } from "@localemu/jest";
import { globalSetup } from "@localemu/jest/global-setup";
import { globalTeardown } from "@localemu/jest/global-teardown";
import { TestEnvironment } from "@localemu/jest/environment";
import preset from "@localemu/jest/jest-preset";

test("the matchers are declared for @jest/globals", async () => {
  await expect(emu.stream("orders")).toHaveRecord<{ readonly id: number }>(({ id }) => id === 1);
  await expect(emu.queue("orders-dlq")).not.toHaveFailedBatch({ condition: expect.stringMatching(/Age/) });
  // @ts-expect-error a failed batch has no reason
  await expect(emu.queue("orders-dlq")).toHaveFailedBatch({ reason: "Age" });
});

export class OwnEnvironment extends TestEnvironment {}
export const parts = [globalSetup, globalTeardown, preset];
