import { PutFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { arnOf, awsError, functionNotFound, lambdaServer } from "./lambda-api.ts";
import { createWithAlias, provision } from "./provisioned-api.ts";

const server = lambdaServer();
const conflict = (message: string) => awsError("ResourceConflictException", message, 409);
const invalid = (message: string) => awsError("InvalidParameterValueException", message);

beforeAll(async () => {
  for (const name of ["orders", "other", "reserved", "none"]) await createWithAlias(server.current.lambda, name);
});

test("nothing is allocated yet", async () => {
  const answer = await provision(server.current.lambda, "orders", "1");
  expect(answer.$metadata.httpStatusCode).toBe(202);
  expect(answer).toMatchObject({
    RequestedProvisionedConcurrentExecutions: 2,
    AllocatedProvisionedConcurrentExecutions: 0,
    AvailableProvisionedConcurrentExecutions: 0,
    Status: "IN_PROGRESS",
    LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/),
  });
});

test("a version is provided for by itself or by an alias, not by both", async () => {
  const { lambda } = server.current;
  await expect(provision(lambda, "orders", "live")).rejects.toMatchObject(
    conflict("Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version"),
  );
  await provision(lambda, "other", "live");
  await expect(provision(lambda, "other", "1")).rejects.toMatchObject(
    conflict("Version is pointed by a Provisioned Concurrency alias"),
  );
});

test("a reservation is not below it, nor it above the reservation", async () => {
  const { lambda } = server.current;
  const reserve = (ReservedConcurrentExecutions: number) =>
    lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: "reserved", ReservedConcurrentExecutions }));
  await reserve(3);
  await expect(provision(lambda, "reserved", "1", 4)).rejects.toMatchObject(
    invalid(
      "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function",
    ),
  );
  await provision(lambda, "reserved", "1", 3);
  await provision(lambda, "reserved", "1", 2);
  await expect(reserve(1)).rejects.toMatchObject(
    invalid(" ReservedConcurrentExecutions  1 should not be lower than function's total provisioned concurrency [2]."),
  );
});

test.each<[string, string, string, number, object]>([
  ["a function that does not exist", "nobody", "1", 1, functionNotFound(arnOf("nobody"))],
  ["a version that does not exist", "none", "7", 1, functionNotFound(`${arnOf("none")}:7`)],
  [
    "an alias that does not exist",
    "none",
    "beta",
    1,
    awsError("ResourceNotFoundException", `Alias not found: ${arnOf("none")}:beta`, 404),
  ],
  [
    "$LATEST",
    "none",
    "$LATEST",
    1,
    invalid("Provisioned Concurrency Configs cannot be applied to unpublished function versions."),
  ],
  ["nothing", "none", "1", 0, { name: "ValidationException" }],
  [
    "more than the account has",
    "none",
    "1",
    1001,
    invalid("Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [993]."),
  ],
  [
    "what others need",
    "none",
    "1",
    894,
    invalid(
      "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
    ),
  ],
])("%s is refused", async (_, name, qualifier, count, error) => {
  await expect(provision(server.current.lambda, name, qualifier, count)).rejects.toMatchObject(error);
});

test("a reservation leaves others what they have provisioned", async () => {
  const reserve = new PutFunctionConcurrencyCommand({ FunctionName: "none", ReservedConcurrentExecutions: 894 });
  await expect(server.current.lambda.send(reserve)).rejects.toMatchObject(
    invalid(
      "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
    ),
  );
});
