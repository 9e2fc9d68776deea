import { CreateFunctionUrlConfigCommand, GetFunctionUrlConfigCommand } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { addressesOf, arnOf, awsError, call, createFunction, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();
const get = (FunctionName: string, Qualifier?: string) =>
  server.current.lambda.send(new GetFunctionUrlConfigCommand({ FunctionName, Qualifier }));

test("the answer has all settings, the mode in any case, under the caller's origin", async () => {
  const { emu, lambda } = server.current;
  await createFunction(lambda, "orders");
  const Cors = { AllowOrigins: ["*"] };
  const made = await lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName: "orders", AuthType: "NONE", Cors }),
  );
  for (const address of addressesOf("orders")) {
    expect(await get(address)).toMatchObject({
      FunctionUrl: made.FunctionUrl,
      FunctionArn: arnOf("orders"),
      AuthType: "NONE",
      Cors,
      CreationTime: made.CreationTime,
      LastModifiedTime: made.CreationTime,
      InvokeMode: "BUFFERED",
    });
  }
  const reply = await fetch(`${emu.endpoint.replace("127.0.0.1", "localhost")}/2021-10-31/functions/orders/url`);
  expect(await reply.json()).toMatchObject({ FunctionUrl: made.FunctionUrl?.replace("127.0.0.1", "localhost") });
});

describe("what is not there", () => {
  const missing = awsError("ResourceNotFoundException", "The resource you requested does not exist.", 404);

  test("a function, an alias or a URL", async () => {
    await createFunction(server.current.lambda, "without");
    await expect(get("nobody")).rejects.toMatchObject(missing);
    await expect(get("without")).rejects.toMatchObject(missing);
    await expect(get("without", "nobody")).rejects.toMatchObject(missing);
  });

  test("with AWS's body", async () => {
    const reply = await call(server.current.emu, "GET", "/2021-10-31/functions/nobody/url");
    expect(JSON.parse(reply.text)).toEqual({ Type: "User", Message: "The resource you requested does not exist." });
  });
});
