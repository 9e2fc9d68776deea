import { DeleteFunctionCommand, GetFunctionCommand } from "@aws-sdk/client-lambda";
import type { GetFunctionCommandInput } from "@aws-sdk/client-lambda";
import { beforeAll, describe, expect, test } from "vitest";
import { addressesOf, arnOf, awsError, call, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";
import { clientsOf } from "../emulator/emulator.ts";
import { createAlias, publishCode, saying } from "./versions-api.ts";

const server = lambdaServer();
const get = (input: GetFunctionCommandInput) => server.current.lambda.send(new GetFunctionCommand(input));

beforeAll(() => createFunction(server.current.lambda, "orders", { Tags: { team: "a" } }));

test("the reply has the configuration, the code's repository and the tags", async () => {
  const reply = await call(server.current.emu, "GET", "/2015-03-31/functions/orders");
  expect(reply.status).toBe(200);
  const { Configuration, ...rest } = JSON.parse(reply.text);
  const Location = expect.stringMatching(/^http:.*\/_localemu\/code\/[\w-]{43}\.zip$/);
  expect(rest).toEqual({ Code: { RepositoryType: "S3", Location }, Tags: { team: "a" } });
  expect(Configuration).toMatchObject({
    FunctionName: "orders",
    FunctionArn: arnOf("orders"),
    State: "Active",
    LastUpdateStatus: "Successful",
    Version: "$LATEST",
  });
  expect(Configuration).not.toHaveProperty("StateReason");
  expect(Configuration).not.toHaveProperty("Environment");
});

test("a function without tags has none in the reply", async () => {
  await createFunction(server.current.lambda, "plain");
  const { text } = await call(server.current.emu, "GET", "/2015-03-31/functions/plain");
  expect(Object.keys(JSON.parse(text)).toSorted()).toEqual(["Code", "Configuration"]);
});

test("an alias's configuration is its version's, under the alias's ARN", async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "aliased", { Publish: true });
  await createAlias(lambda, "aliased", "live");
  const version = await get({ FunctionName: "aliased", Qualifier: "1" });
  expect(version.Configuration).toMatchObject({ FunctionArn: `${arnOf("aliased")}:1`, Version: "1" });
  for (const input of [{ FunctionName: "aliased", Qualifier: "live" }, { FunctionName: `${arnOf("aliased")}:live` }]) {
    const { Configuration } = await get(input);
    expect(Configuration).toEqual({ ...version.Configuration, FunctionArn: `${arnOf("aliased")}:live` });
  }
  await lambda.send(new DeleteFunctionCommand({ FunctionName: "aliased" }));
});

describe("the code's location", () => {
  const download = async (input: GetFunctionCommandInput) => {
    const response = await fetch((await get(input)).Code?.Location ?? "");
    const body = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, type: response.headers.get("content-type"), body };
  };

  test("leads to the zip as it was uploaded, of each version", async () => {
    const { lambda } = server.current;
    await createFunction(lambda, "loaded", { Code: { ZipFile: saying("first") }, Publish: true });
    await publishCode(lambda, "loaded", saying("second"));
    const zip = { status: 200, type: "application/zip" };
    expect(await download({ FunctionName: "loaded" })).toEqual({ ...zip, body: saying("second") });
    expect(await download({ FunctionName: "loaded:1" })).toEqual({ ...zip, body: saying("first") });
  });

  test("is in the world of the caller, and leads nowhere once no version has the code", async () => {
    await using world = await server.current.emu.createWorld();
    const { lambda } = clientsOf(world);
    await createFunction(lambda, "loaded", { Code: { ZipFile: saying("of another world") } });
    const { Code } = await lambda.send(new GetFunctionCommand({ FunctionName: "loaded" }));
    const location = Code?.Location ?? "";
    const prefix = /\/_world\/[\w-]+(?=\/_localemu\/code\/)/;
    expect(location).toMatch(prefix);
    expect((await fetch(location)).status).toBe(200);
    expect((await fetch(location.replace(prefix, ""))).status).toBe(404);
    await lambda.send(new DeleteFunctionCommand({ FunctionName: "loaded" }));
    await world.idle();
    const gone = await fetch(location);
    expect(gone.status).toBe(404);
    expect(await gone.json()).toEqual({ error: { code: "NotFound", message: expect.stringContaining("no function") } });
  });
});

describe("a function is addressed", () => {
  test("by name and by every form of its ARN", async () => {
    for (const FunctionName of addressesOf("orders")) {
      const { Configuration } = await get({ FunctionName });
      expect(Configuration?.FunctionArn).toBe(arnOf("orders"));
    }
  });

  test("with the qualifier $LATEST, which then stands in the ARN", async () => {
    for (const input of [
      { FunctionName: "orders", Qualifier: "$LATEST" },
      { FunctionName: "orders:$LATEST" },
      { FunctionName: `${arnOf("orders")}:$LATEST`, Qualifier: "$LATEST" },
    ]) {
      expect((await get(input)).Configuration?.FunctionArn).toBe(`${arnOf("orders")}:$LATEST`);
    }
  });
});

describe("refused", () => {
  test.each<[string, GetFunctionCommandInput, object]>([
    ["a function that does not exist", { FunctionName: "nobody" }, functionNotFound(arnOf("nobody"))],
    [
      "a version that does not exist",
      { FunctionName: "orders", Qualifier: "1" },
      functionNotFound(`${arnOf("orders")}:1`),
    ],
    ["an alias that does not exist", { FunctionName: "orders:live" }, functionNotFound(`${arnOf("orders")}:live`)],
    [
      "two qualifiers",
      { FunctionName: "orders:$LATEST", Qualifier: "1" },
      awsError(
        "InvalidParameterValueException",
        "The derived qualifier from the function name does not match the specified qualifier.",
      ),
    ],
    [
      "a function of another region",
      { FunctionName: "arn:aws:lambda:eu-west-1:000000000000:function:orders" },
      awsError(
        "ResourceNotFoundException",
        "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
        404,
      ),
    ],
    [
      "a function of another account",
      { FunctionName: "111122223333:function:orders" },
      awsError("AccessDeniedException", expect.any(String), 403),
    ],
    [
      "a text that is no name",
      { FunctionName: "a b" },
      awsError("ValidationException", expect.stringContaining("'functionName'")),
    ],
  ])("%s", async (_, input, error) => {
    await expect(get(input)).rejects.toMatchObject(error);
  });

  test("with AWS's body", async () => {
    const reply = await call(server.current.emu, "GET", "/2015-03-31/functions/nobody");
    expect(reply.status).toBe(404);
    expect(reply.headers.get("x-amzn-errortype")).toBe("ResourceNotFoundException");
    expect(JSON.parse(reply.text)).toEqual({ Type: "User", Message: `Function not found: ${arnOf("nobody")}` });
  });
});
