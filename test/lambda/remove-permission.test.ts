import { AddPermissionCommand, GetPolicyCommand, RemovePermissionCommand } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { arnOf, awsError, createFunction, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();
const remove = (StatementId: string, FunctionName = "orders", RevisionId?: string) =>
  server.current.lambda.send(new RemovePermissionCommand({ FunctionName, StatementId, RevisionId }));
const missing = (message: string) => awsError("ResourceNotFoundException", message, 404);

beforeAll(() => createFunction(server.current.lambda, "orders"));

test("the policy goes with its last statement", async () => {
  const { lambda } = server.current;
  const invoke = { FunctionName: "orders", Action: "lambda:InvokeFunction", Principal: "s3.amazonaws.com" };
  for (const StatementId of ["one", "two"]) await lambda.send(new AddPermissionCommand({ ...invoke, StatementId }));
  await expect(remove("three")).rejects.toMatchObject(missing("Statement three is not found in resource policy."));
  await expect(remove("one", "orders", "other")).rejects.toMatchObject({ name: "PreconditionFailedException" });
  expect((await remove("one")).$metadata.httpStatusCode).toBe(204);
  const { Policy = "" } = await lambda.send(new GetPolicyCommand({ FunctionName: "orders" }));
  expect(JSON.parse(Policy).Statement).toMatchObject([{ Sid: "two" }]);
  await remove("two");
  await expect(lambda.send(new GetPolicyCommand({ FunctionName: "orders" }))).rejects.toMatchObject(
    missing("The resource you requested does not exist."),
  );
  await expect(remove("two")).rejects.toMatchObject(missing("No policy is associated with the given resource."));
});

test("a function that does not exist has no policy", async () => {
  await expect(remove("one", "nobody")).rejects.toMatchObject(missing(`No policy found for: ${arnOf("nobody")}`));
});
