import { PutFunctionEventInvokeConfigCommand, UpdateFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import type { UpdateFunctionEventInvokeConfigCommandInput } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { arnOf, awsError, createFunction, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();
const update = (input: Partial<UpdateFunctionEventInvokeConfigCommandInput>) =>
  server.current.lambda.send(new UpdateFunctionEventInvokeConfigCommand({ FunctionName: "orders", ...input }));
const queue = "arn:aws:sqs:us-east-1:000000000000:results";

beforeAll(async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "orders", { Publish: true });
  await lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: "orders", MaximumRetryAttempts: 1 }));
});

test("what is not given stays", async () => {
  expect(await update({ MaximumEventAgeInSeconds: 120 })).toMatchObject({
    MaximumRetryAttempts: 1,
    MaximumEventAgeInSeconds: 120,
  });
  expect(await update({ DestinationConfig: { OnFailure: { Destination: queue } } })).toMatchObject({
    MaximumRetryAttempts: 1,
    MaximumEventAgeInSeconds: 120,
    DestinationConfig: { OnSuccess: {}, OnFailure: { Destination: queue } },
  });
  expect(await update({ MaximumRetryAttempts: 0 })).toMatchObject({
    MaximumRetryAttempts: 0,
    DestinationConfig: { OnFailure: { Destination: queue } },
  });
  const { DestinationConfig } = await update({ DestinationConfig: { OnFailure: { Destination: "" } } });
  expect(DestinationConfig).toEqual({ OnSuccess: {}, OnFailure: {} });
});

test.each<[string, Partial<UpdateFunctionEventInvokeConfigCommandInput>, object]>([
  [
    "nothing",
    {},
    awsError(
      "InvalidParameterValueException",
      "You must specify at least one of error handling or destination setting.",
    ),
  ],
  [
    "a function that does not exist",
    { FunctionName: "nobody", MaximumRetryAttempts: 0 },
    awsError("ResourceNotFoundException", "The function doesn't exist.", 404),
  ],
  [
    "a version that has no configuration",
    { Qualifier: "1", MaximumRetryAttempts: 0 },
    awsError("ResourceNotFoundException", `The function ${arnOf("orders")}:1 doesn't have an EventInvokeConfig`, 404),
  ],
])("%s is refused", async (_, input, error) => {
  await expect(update(input)).rejects.toMatchObject(error);
});
