/// <reference types="jest" />
import { emu } from "@localemu/jest";

test("the matchers are declared for @types/jest", async () => {
  await expect(emu.stream("orders")).toHaveRecordTimes(1, { id: 1 });
  await expect(emu.queue("orders-dlq")).not.toBeEmpty();
  // @ts-expect-error the number of records is missing
  await expect(emu.stream("orders")).toHaveRecordTimes();
});
