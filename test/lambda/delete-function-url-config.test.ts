import { CreateFunctionUrlConfigCommand, DeleteFunctionUrlConfigCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { awsError, call, createFunction, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();
const missing = awsError("ResourceNotFoundException", "The resource you requested does not exist.", 404);
const remove = (FunctionName: string) =>
  server.current.lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName }));

test("a URL that is deleted leads nowhere, and another is a new one", async () => {
  const { emu, lambda } = server.current;
  await createFunction(lambda, "orders");
  const create = () => lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName: "orders", AuthType: "NONE" }));
  const { FunctionUrl = "" } = await create();
  expect((await fetch(FunctionUrl)).status).toBe(200);
  expect(await call(emu, "DELETE", "/2021-10-31/functions/orders/url")).toMatchObject({ status: 204, text: "" });
  expect((await fetch(FunctionUrl)).status).toBe(403);
  await expect(remove("orders")).rejects.toMatchObject(missing);
  expect((await create()).FunctionUrl).not.toBe(FunctionUrl);
});

test("refused: a function that does not exist", async () => {
  await expect(remove("nobody")).rejects.toMatchObject(missing);
});
