import { DeleteFunctionCommand, GetFunctionCommand } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { addressesOf, arnOf, awsError, call, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";
import { createAlias, getConfiguration, publishCode, saying } from "./versions-api.ts";

const server = lambdaServer();

test("the reply is an empty 204, and the function is gone", async () => {
  const { emu, lambda } = server.current;
  await createFunction(lambda, "orders");
  const reply = await call(emu, "DELETE", "/2015-03-31/functions/orders");
  expect(reply).toMatchObject({ status: 204, text: "" });
  await expect(lambda.send(new GetFunctionCommand({ FunctionName: "orders" }))).rejects.toMatchObject(
    functionNotFound(arnOf("orders")),
  );
  expect(await createFunction(lambda, "orders")).toMatchObject({ State: "Pending" });
});

test("a function is addressed by name and ARN", async () => {
  const { lambda } = server.current;
  for (const FunctionName of addressesOf("addressed")) {
    await createFunction(lambda, "addressed");
    const { $metadata } = await lambda.send(new DeleteFunctionCommand({ FunctionName }));
    expect($metadata.httpStatusCode).toBe(204);
  }
});

describe("a version", () => {
  test("is deleted alone, and deleting what is not there is no error", async () => {
    const { emu, lambda } = server.current;
    await createFunction(lambda, "versioned", { Publish: true });
    for (const path of ["versioned?Qualifier=1", "versioned:1", "versioned?Qualifier=77"]) {
      const reply = await call(emu, "DELETE", `/2015-03-31/functions/${path}`);
      expect(reply).toMatchObject({ status: 204, text: "" });
    }
    await expect(getConfiguration(lambda, "versioned", "1")).rejects.toMatchObject(
      functionNotFound(`${arnOf("versioned")}:1`),
    );
    expect(await getConfiguration(lambda, "versioned")).toMatchObject({ State: "Active" });
  });

  test("goes with its function", async () => {
    const { lambda } = server.current;
    await createFunction(lambda, "whole", { Publish: true });
    await createAlias(lambda, "whole", "live");
    await lambda.send(new DeleteFunctionCommand({ FunctionName: "whole" }));
    await createFunction(lambda, "whole");
    for (const qualifier of ["1", "live"]) {
      await expect(getConfiguration(lambda, "whole", qualifier)).rejects.toMatchObject(
        functionNotFound(`${arnOf("whole")}:${qualifier}`),
      );
    }
  });

  test("that aliases mean, alone or beside another, is not deleted", async () => {
    const { lambda } = server.current;
    await createFunction(lambda, "named", { Publish: true });
    await publishCode(lambda, "named", saying("second"));
    await createAlias(lambda, "named", "live");
    await createAlias(lambda, "named", "try", {
      FunctionVersion: "2",
      RoutingConfig: { AdditionalVersionWeights: { 1: 0.5 } },
    });
    const remove = new DeleteFunctionCommand({ FunctionName: "named", Qualifier: "1" });
    await expect(lambda.send(remove)).rejects.toMatchObject(
      awsError(
        "ResourceConflictException",
        "Unable to delete version because the following aliases reference it: [live, try]",
        409,
      ),
    );
  });
});

describe("refused", () => {
  test.each([undefined, "1"])("a function that does not exist, with the qualifier %s", async (Qualifier) => {
    const remove = new DeleteFunctionCommand({ FunctionName: "nobody", Qualifier });
    await expect(server.current.lambda.send(remove)).rejects.toMatchObject(functionNotFound(arnOf("nobody")));
  });

  test("an alias", async () => {
    const { lambda } = server.current;
    await createFunction(lambda, "aliased", { Publish: true });
    await createAlias(lambda, "aliased", "live");
    const remove = new DeleteFunctionCommand({ FunctionName: "aliased:live" });
    await expect(lambda.send(remove)).rejects.toMatchObject(
      awsError("InvalidParameterValueException", "Deletion of aliases is not currently supported."),
    );
  });

  test.each([{ FunctionName: "kept", Qualifier: "$LATEST" }, { FunctionName: "kept:$LATEST" }])("%j", async (input) => {
    const { lambda } = server.current;
    await createFunction(lambda, "kept").catch(() => {});
    await expect(lambda.send(new DeleteFunctionCommand(input))).rejects.toMatchObject(
      awsError("InvalidParameterValueException", "$LATEST version cannot be deleted without deleting the function."),
    );
    await expect(lambda.send(new GetFunctionCommand({ FunctionName: "kept" }))).resolves.toBeDefined();
  });
});
