import { DeleteFunctionCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { addressesOf, arnOf, awsError, call, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";
import { functionsOnly, getConfiguration, otherRevision, publish } from "./versions-api.ts";

const server = lambdaServer();

const describedAs = async (FunctionName: string, Description: string) => {
  const { lambda } = server.current;
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description }));
};

test("a version is what $LATEST is, has a number and a revision of its own, and is Active at once", async () => {
  const { emu, lambda } = server.current;
  await createFunction(lambda, "orders", { Description: "the function", Timeout: 7 });
  const latest = await getConfiguration(lambda, "orders");
  const reply = await call(emu, "POST", "/2015-03-31/functions/orders/versions", { Description: "the version" });
  expect(reply.status).toBe(201);
  const version = JSON.parse(reply.text);
  const { $metadata: _, ...same } = latest;
  expect(version).toEqual({
    ...same,
    Description: "the version",
    FunctionArn: `${arnOf("orders")}:1`,
    RevisionId: expect.any(String),
    Version: "1",
  });
  expect(version.RevisionId).not.toBe(latest.RevisionId);
  expect(await getConfiguration(lambda, "orders", "1")).toMatchObject(version);
  const after = await getConfiguration(lambda, "orders");
  expect(after.Description).toBe("the function");
  expect(after.RevisionId).not.toBe(latest.RevisionId);
});

test("nothing is published where nothing has changed", async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "unchanged");
  const first = await publish(lambda, "unchanged", { Description: "first" });
  const { $metadata: _, ...same } = first;
  expect(await publish(lambda, "unchanged", { Description: "second" })).toMatchObject(same);
  await describedAs("unchanged", "changed");
  expect(await publish(lambda, "unchanged")).toMatchObject({ Version: "2", Description: "changed" });
  expect(await getConfiguration(lambda, "unchanged", "1")).toMatchObject(same);
});

test("a number is not given again", async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "renumbered");
  await publish(lambda, "renumbered");
  await lambda.send(new DeleteFunctionCommand({ FunctionName: "renumbered", Qualifier: "1" }));
  expect(await publish(lambda, "renumbered")).toMatchObject({ Version: "2" });
});

test("the code and the revision may be required", async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "required");
  const { CodeSha256 = "", RevisionId = "" } = await getConfiguration(lambda, "required");
  await expect(publish(lambda, "required", { CodeSha256: "other" })).rejects.toMatchObject(
    awsError(
      "InvalidParameterValueException",
      `CodeSHA256 (other) is different from current CodeSHA256 in $LATEST (${CodeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
    ),
  );
  await expect(publish(lambda, "required", { RevisionId: "other", CodeSha256: "other" })).rejects.toMatchObject(
    awsError("PreconditionFailedException", otherRevision, 412),
  );
  expect(await publish(lambda, "required", { CodeSha256, RevisionId })).toMatchObject({ Version: "1" });
  await describedAs("required", "changed");
  await expect(publish(lambda, "required", { RevisionId })).rejects.toMatchObject(
    awsError("PreconditionFailedException", otherRevision, 412),
  );
});

test("a function is addressed by name and ARN", async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "addressed");
  for (const address of addressesOf("addressed")) {
    expect(await publish(lambda, address)).toMatchObject({ FunctionArn: `${arnOf("addressed")}:1` });
  }
});

describe("refused", () => {
  test("a function that does not exist", async () => {
    await expect(publish(server.current.lambda, "nobody")).rejects.toMatchObject(functionNotFound(arnOf("nobody")));
  });

  test("a version of a version", async () => {
    const { lambda } = server.current;
    await createFunction(lambda, "versioned", { Publish: true });
    await expect(publish(lambda, `${arnOf("versioned")}:1`)).rejects.toMatchObject(
      awsError("InvalidParameterValueException", functionsOnly),
    );
  });
});
