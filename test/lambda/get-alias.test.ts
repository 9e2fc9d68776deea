import { GetAliasCommand } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { addressesOf, arnOf, awsError, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";
import { createAlias } from "./versions-api.ts";

const server = lambdaServer();
const get = (FunctionName: string, Name: string) =>
  server.current.lambda.send(new GetAliasCommand({ FunctionName, Name }));

beforeAll(() => createFunction(server.current.lambda, "orders", { Publish: true }));

test("an alias is as it was made, however its function is addressed", async () => {
  const { $metadata: _, ...alias } = await createAlias(server.current.lambda, "orders", "live", { Description: "d" });
  for (const address of addressesOf("orders")) {
    const { $metadata, ...found } = await get(address, "live");
    expect($metadata.httpStatusCode).toBe(200);
    expect(found).toEqual(alias);
  }
});

test("a missing alias and a missing function are told apart", async () => {
  await expect(get("orders", "nobody")).rejects.toMatchObject(
    awsError("ResourceNotFoundException", `Cannot find alias arn: ${arnOf("orders")}:nobody`, 404),
  );
  await expect(get("nobody", "live")).rejects.toMatchObject(functionNotFound(arnOf("nobody")));
});
