import { ListFunctionsByCodeSigningConfigCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { awsError, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();

test("there is no configuration whose functions could be told", async () => {
  const CodeSigningConfigArn = "arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-0123456789abcdef0";
  const list = server.current.lambda.send(new ListFunctionsByCodeSigningConfigCommand({ CodeSigningConfigArn }));
  await expect(list).rejects.toMatchObject(
    awsError(
      "ResourceNotFoundException",
      `The Lambda code signing configuration ${CodeSigningConfigArn} can not be found.`,
      404,
    ),
  );
});
