import { expect, test } from "vitest";
import { retiredVariables } from "./retired-variables.ts";

test("what LocalStack has for an X-Ray daemon and a user of functions is taken, with a line each", () => {
  expect(
    retiredVariables({ LAMBDA_XRAY_INIT: "1", LAMBDA_INIT_USER: "root", LAMBDA_EXECUTOR: "", PATH: "/bin" }),
  ).toEqual([
    "LAMBDA_XRAY_INIT has no effect: there is no X-Ray daemon",
    "LAMBDA_INIT_USER has no effect: functions run as LocalEmu's user, or with LOCALEMU_FUNCTION_USERS=1 as one of their own",
  ]);
});
