import { PutFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import type { PutFunctionEventInvokeConfigCommandInput } from "@aws-sdk/client-lambda";
import { beforeAll, describe, expect, test } from "vitest";
import { addressesOf, arnOf, awsError, call, createFunction, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();
const put = (input: Partial<PutFunctionEventInvokeConfigCommandInput>) =>
  server.current.lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: "orders", ...input }));
const queue = "arn:aws:sqs:us-east-1:000000000000:results";

beforeAll(async () => {
  for (const name of ["orders", "after"]) await createFunction(server.current.lambda, name, { Publish: true });
});

test("what is put is told, with both destinations and a qualified ARN", async () => {
  const path = "/2019-09-25/functions/orders/event-invoke-config";
  const reply = await call(server.current.emu, "PUT", path, { MaximumRetryAttempts: 0 });
  expect(reply.status).toBe(200);
  expect(JSON.parse(reply.text)).toEqual({
    DestinationConfig: { OnFailure: {}, OnSuccess: {} },
    FunctionArn: `${arnOf("orders")}:$LATEST`,
    LastModified: expect.any(Number),
    MaximumRetryAttempts: 0,
  });
});

test("it replaces what was there", async () => {
  const DestinationConfig = { OnSuccess: { Destination: arnOf("after") }, OnFailure: { Destination: queue } };
  const full = { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60, DestinationConfig };
  for (const FunctionName of addressesOf("orders")) {
    expect(await put({ FunctionName, ...full })).toMatchObject(full);
  }
  const { MaximumEventAgeInSeconds, DestinationConfig: none, ...rest } = await put({ MaximumRetryAttempts: 2 });
  expect(MaximumEventAgeInSeconds).toBeUndefined();
  expect(none).toEqual({ OnSuccess: {}, OnFailure: {} });
  expect(rest).toMatchObject({ MaximumRetryAttempts: 2 });
});

test("a version has its own", async () => {
  expect(await put({ Qualifier: "1", MaximumRetryAttempts: 0 })).toMatchObject({ FunctionArn: `${arnOf("orders")}:1` });
});

describe("refused", () => {
  const invalid = (message: string) => awsError("InvalidParameterValueException", message);
  const missing = awsError("ResourceNotFoundException", "The function doesn't exist.", 404);
  const bucket = "arn:aws:s3:::results";
  const violated = (value: string, rule: string) =>
    awsError(
      "ValidationException",
      `1 validation error detected: Value ${value} failed to satisfy constraint: Member must have value ${rule}`,
    );

  test.each<[string, Partial<PutFunctionEventInvokeConfigCommandInput>, object]>([
    ["nothing", {}, invalid("You must specify at least one of error handling or destination setting.")],
    ["a function that does not exist", { FunctionName: "nobody", MaximumRetryAttempts: 0 }, missing],
    ["a version that does not exist", { Qualifier: "7", MaximumRetryAttempts: 0 }, missing],
    ["an alias that does not exist", { FunctionName: "orders:live", MaximumRetryAttempts: 0 }, missing],
    [
      "three retries",
      { MaximumRetryAttempts: 3 },
      violated("'3' at 'maximumRetryAttempts'", "less than or equal to 2"),
    ],
    [
      "a minute's short half",
      { MaximumEventAgeInSeconds: 29 },
      violated("'29' at 'maximumEventAgeInSeconds'", "greater than or equal to 60"),
    ],
    [
      "the function itself",
      { DestinationConfig: { OnSuccess: { Destination: arnOf("orders") } } },
      invalid("You can't specify the function as a destination for itself."),
    ],
    [
      "a function that is not there",
      { DestinationConfig: { OnSuccess: { Destination: arnOf("nobody") } } },
      invalid(`The destination ARN ${arnOf("nobody")} is invalid.`),
    ],
    [
      "a bucket for successes",
      { DestinationConfig: { OnSuccess: { Destination: bucket }, OnFailure: { Destination: bucket } } },
      invalid(
        `The provided destination config DestinationConfig(onSuccess=OnSuccess(destination=${bucket}), onFailure=OnFailure(destination=${bucket})) is invalid.`,
      ),
    ],
    [
      "a stream",
      { DestinationConfig: { OnFailure: { Destination: "arn:aws:kinesis:us-east-1:000000000000:stream/s" } } },
      invalid(
        "The provided destination config DestinationConfig(onSuccess=null, onFailure=OnFailure(destination=arn:aws:kinesis:us-east-1:000000000000:stream/s)) is invalid.",
      ),
    ],
    [
      "an event bus",
      { DestinationConfig: { OnFailure: { Destination: "arn:aws:events:us-east-1:000000000000:event-bus/default" } } },
      invalid(
        "LocalEmu does not offer event buses as destinations (arn:aws:events:us-east-1:000000000000:event-bus/default).",
      ),
    ],
  ])("%s", async (_, input, error) => {
    await expect(put(input)).rejects.toMatchObject(error);
  });
});
