import { GetFunctionEventInvokeConfigCommand, PutFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { addressesOf, arnOf, awsError, createFunction, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();
const get = (FunctionName: string, Qualifier?: string) =>
  server.current.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier }));

beforeAll(async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "orders", { Publish: true });
  await lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: "orders", MaximumRetryAttempts: 1 }));
});

test("what was put is told to everybody who asks for $LATEST", async () => {
  for (const address of [...addressesOf("orders"), "orders:$LATEST"]) {
    expect(await get(address)).toMatchObject({
      FunctionArn: `${arnOf("orders")}:$LATEST`,
      MaximumRetryAttempts: 1,
      LastModified: expect.any(Date),
    });
  }
});

test.each([
  ["orders", "1"],
  ["orders", "live"],
  ["nobody", undefined],
])("there is none of %s:%s", async (name, qualifier) => {
  const arn = `${arnOf(name)}:${qualifier ?? "$LATEST"}`;
  await expect(get(name, qualifier)).rejects.toMatchObject(
    awsError("ResourceNotFoundException", `The function ${arn} doesn't have an EventInvokeConfig`, 404),
  );
});
