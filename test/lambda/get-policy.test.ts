import { AddPermissionCommand, GetPolicyCommand } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { addressesOf, arnOf, awsError, createFunction, functionNotFound, lambdaServer, uuid } from "./lambda-api.ts";

const server = lambdaServer();
const get = (FunctionName: string, Qualifier?: string) =>
  server.current.lambda.send(new GetPolicyCommand({ FunctionName, Qualifier }));

beforeAll(async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "orders", { Publish: true });
  const permission = { StatementId: "s3", Action: "lambda:InvokeFunction", Principal: "s3.amazonaws.com" };
  await lambda.send(new AddPermissionCommand({ FunctionName: "orders", ...permission }));
});

test("the whole policy, as a text", async () => {
  for (const address of addressesOf("orders")) {
    const { Policy = "", RevisionId } = await get(address);
    expect(JSON.parse(Policy)).toEqual({
      Version: "2012-10-17",
      Id: "default",
      Statement: [
        {
          Sid: "s3",
          Effect: "Allow",
          Principal: { Service: "s3.amazonaws.com" },
          Action: "lambda:InvokeFunction",
          Resource: arnOf("orders"),
        },
      ],
    });
    expect(RevisionId).toMatch(uuid);
  }
});

test.each([
  ["nobody", undefined, functionNotFound(arnOf("nobody"))],
  ["orders", "1", awsError("ResourceNotFoundException", "The resource you requested does not exist.", 404)],
])("there is none of %s:%s", async (name, qualifier, error) => {
  await expect(get(name, qualifier)).rejects.toMatchObject(error);
});
