import { ListCodeSigningConfigsCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();

test("there are none", async () => {
  expect(await server.current.lambda.send(new ListCodeSigningConfigsCommand({}))).toMatchObject({
    CodeSigningConfigs: [],
  });
});
