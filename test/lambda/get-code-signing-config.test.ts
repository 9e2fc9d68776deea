import { GetCodeSigningConfigCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { awsError, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();

test("there is none", async () => {
  const CodeSigningConfigArn = "arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-0123456789abcdef0";
  const get = server.current.lambda.send(new GetCodeSigningConfigCommand({ CodeSigningConfigArn }));
  await expect(get).rejects.toMatchObject(
    awsError(
      "ResourceNotFoundException",
      `The Lambda code signing configuration ${CodeSigningConfigArn} can not be found.`,
      404,
    ),
  );
});
