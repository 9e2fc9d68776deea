import { createHash } from "node:crypto";
import { GetFunctionConfigurationCommand, InvokeCommand, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import type { UpdateFunctionCodeCommandInput } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { addressesOf, arnOf, awsError, createFunction, functionNotFound, lambdaServer, zip } from "./lambda-api.ts";
import { zipOf } from "./zips.ts";

const server = lambdaServer();
const update = (input: UpdateFunctionCodeCommandInput) =>
  server.current.lambda.send(new UpdateFunctionCodeCommand(input));
const get = (FunctionName: string) => server.current.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));

const answering = (answer: string) => zipOf({ "index.js": `exports.handler = async () => ${JSON.stringify(answer)};` });

test("the next invocation runs the new code", async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "orders", { Code: { ZipFile: answering("old") } });
  const invoke = async () =>
    (await lambda.send(new InvokeCommand({ FunctionName: "orders" }))).Payload?.transformToString();
  expect(await invoke()).toBe('"old"');
  const before = await get("orders");
  const ZipFile = answering("new");
  const updated = await update({ FunctionName: "orders", ZipFile });
  expect(updated).toMatchObject({
    FunctionArn: arnOf("orders"),
    CodeSha256: createHash("sha256").update(ZipFile).digest("base64"),
    CodeSize: ZipFile.byteLength,
    State: "Active",
    LastUpdateStatus: "InProgress",
    LastUpdateStatusReason: "The function is being created.",
    LastUpdateStatusReasonCode: "Creating",
    Version: "$LATEST",
  });
  const after = await get("orders");
  expect(after).toMatchObject({ LastUpdateStatus: "Successful", CodeSha256: updated.CodeSha256 });
  expect(new Set([before.RevisionId, updated.RevisionId, after.RevisionId]).size).toBe(3);
  expect(await invoke()).toBe('"new"');
});

test("a dry run says what would be, and changes nothing", async () => {
  await createFunction(server.current.lambda, "tried");
  const before = await get("tried");
  const answer = await update({ FunctionName: "tried", ZipFile: answering("x"), DryRun: true });
  expect(answer.CodeSha256).not.toBe(before.CodeSha256);
  const { $metadata: _, ...unchanged } = before;
  expect(await get("tried")).toMatchObject(unchanged);
});

test("the revision must be the latest where one is given", async () => {
  await createFunction(server.current.lambda, "revised");
  const { RevisionId } = await get("revised");
  await update({ FunctionName: "revised", ZipFile: zip, RevisionId });
  await expect(update({ FunctionName: "revised", ZipFile: zip, RevisionId })).rejects.toMatchObject(
    awsError(
      "PreconditionFailedException",
      "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
      412,
    ),
  );
});

test("architectures are changed with the code", async () => {
  await createFunction(server.current.lambda, "on-arm");
  expect(await update({ FunctionName: "on-arm", ZipFile: zip, Architectures: ["arm64"] })).toMatchObject({
    Architectures: ["arm64"],
  });
  expect(await update({ FunctionName: "on-arm", ZipFile: zip })).toMatchObject({ Architectures: ["arm64"] });
});

test("a function is addressed by name and ARN", async () => {
  await createFunction(server.current.lambda, "addressed");
  for (const FunctionName of addressesOf("addressed")) {
    expect(await update({ FunctionName, ZipFile: zip })).toMatchObject({ FunctionArn: arnOf("addressed") });
  }
});

describe("refused", () => {
  test("a function that does not exist", async () => {
    await expect(update({ FunctionName: "nobody", ZipFile: zip })).rejects.toMatchObject(
      functionNotFound(arnOf("nobody")),
    );
  });

  test.each<[string, Partial<UpdateFunctionCodeCommandInput>, string]>([
    ["no code", {}, "Please provide a source for function code."],
    [
      "what is no zip",
      { ZipFile: Buffer.from("no zip") },
      "Could not unzip uploaded file. Please check your file, then try to upload again.",
    ],
    [
      "an image for a zip",
      { ImageUri: "000000000000.dkr.ecr.us-east-1.amazonaws.com/a:b" },
      "Please don't provide ImageUri when updating a function with packageType Zip.",
    ],
  ])("%s", async (what, change, message) => {
    const FunctionName = `refused-${what.replaceAll(" ", "-")}`;
    await createFunction(server.current.lambda, FunctionName);
    const before = await get(FunctionName);
    await expect(update({ FunctionName, ...change })).rejects.toMatchObject(
      awsError("InvalidParameterValueException", message),
    );
    expect((await get(FunctionName)).RevisionId).toBe(before.RevisionId);
  });
});
