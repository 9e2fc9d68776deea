// #region streaming
import "@localemu/testkit/awslambda";
import { InvokeWithResponseStreamCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { test } from "@localemu/vitest";
import { expect } from "vitest";

test("the answer comes in pieces", async ({ emu }) => {
  const { handler } = await import("./streaming-handler.ts"); // it uses the global awslambda when it is loaded
  await using fn = await emu.attachHandler("streaming-fn", handler);

  const lambda = new LambdaClient({});
  const answer = await lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: fn.name, Payload: "[1,2]" }));

  await expect(answer).toHaveStreamed(["data: 1\n\n", "data: 2\n\n"]);
});
// #endregion
