import { DeleteAliasCommand, GetAliasCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { arnOf, call, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";
import { createAlias, getConfiguration } from "./versions-api.ts";

const server = lambdaServer();

beforeAll(() => createFunction(server.current.lambda, "orders", { Publish: true }));

test("the reply is an empty 204; the alias is gone, and its version stays", async () => {
  const { emu, lambda } = server.current;
  await createAlias(lambda, "orders", "live");
  const reply = await call(emu, "DELETE", "/2015-03-31/functions/orders/aliases/live");
  expect(reply).toMatchObject({ status: 204, text: "" });
  const get = new GetAliasCommand({ FunctionName: "orders", Name: "live" });
  await expect(lambda.send(get)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await expect(lambda.send(new InvokeCommand({ FunctionName: "orders:live" }))).rejects.toMatchObject(
    functionNotFound(`${arnOf("orders")}:live`),
  );
  expect(await getConfiguration(lambda, "orders", "1")).toMatchObject({ Version: "1" });
});

test("an alias that does not exist is no error, a function is", async () => {
  const { lambda } = server.current;
  const remove = (FunctionName: string) => lambda.send(new DeleteAliasCommand({ FunctionName, Name: "none" }));
  expect((await remove(arnOf("orders"))).$metadata.httpStatusCode).toBe(204);
  await expect(remove("nobody")).rejects.toMatchObject(functionNotFound(arnOf("nobody")));
});
