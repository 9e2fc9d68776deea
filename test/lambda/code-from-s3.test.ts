import { PublishLayerVersionCommand, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { zipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { awsError, createFunction, lambdaServer } from "./lambda-api.ts";
import { zipOf } from "./zips.ts";

const server = lambdaServer();
const object = { S3Bucket: "artifacts", S3Key: "orders/code.zip" };
let s3: S3Client;

beforeAll(async () => {
  s3 = new S3Client(server.current.emu.getClientConfig());
  await server.current.emu.createBucket("artifacts");
});

afterAll(() => s3.destroy());

const put = (Body: Uint8Array, Key = object.S3Key) => s3.send(new PutObjectCommand({ Bucket: "artifacts", Key, Body }));
const answering = (answer: string) => zipOf({ "index.js": `exports.handler = async () => ${JSON.stringify(answer)};` });
const answer = async (name: string) => (await server.current.emu.function(name).invoke()).payload;

test("a new object of the same key is deployed when that is asked for", async () => {
  const { emu, lambda } = server.current;
  await put(answering("first"));
  await createFunction(lambda, "orders", { Code: object });
  expect(await answer("orders")).toBe("first");
  await put(answering("second"));
  await emu.idle();
  expect(await answer("orders")).toBe("first");
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: "orders", ...object }));
  await emu.idle();
  expect(await answer("orders")).toBe("second");
});

test("versions of objects are refused by name, but for that of what has none", async () => {
  const { emu, lambda } = server.current;
  const FunctionName = "versioned";
  await put(answering("current"));
  await createFunction(lambda, FunctionName, { Code: { ...object, S3ObjectVersion: "null" } });
  await emu.idle();
  expect(await answer(FunctionName)).toBe("current");
  const version = { ...object, S3ObjectVersion: "3HL4kqtJlcpXroDTDmJ" };
  const refused = awsError(
    "InvalidParameterValueException",
    "Error occurred while GetObject. S3 Error Code: NoSuchVersion. S3 Error Message: The specified version does not exist. LocalEmu's S3 keeps no versions of orders/code.zip: leave out S3ObjectVersion (3HL4kqtJlcpXroDTDmJ).",
  );
  await expect(createFunction(lambda, "other", { Code: version })).rejects.toMatchObject(refused);
  const update = lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ...version }));
  await expect(update).rejects.toMatchObject(refused);
  const layer = lambda.send(new PublishLayerVersionCommand({ LayerName: "layer", Content: version }));
  await expect(layer).rejects.toMatchObject(refused);
});

test("a zip from S3 may be larger than one in a request", async () => {
  const { lambda } = server.current;
  const files = {
    "index.js": Buffer.from("exports.handler = async () => 'large';"),
    zeros: new Uint8Array(52_428_801),
  };
  const zip = zipSync(files, { level: 0 });
  await expect(createFunction(lambda, "large", { Code: { ZipFile: zip } })).rejects.toMatchObject(
    awsError("RequestEntityTooLargeException", "Zipped size must be smaller than 52428800 bytes", 413),
  );
  await put(zip, "large.zip");
  await createFunction(lambda, "large", { Code: { ...object, S3Key: "large.zip" } });
  expect(await answer("large")).toBe("large");
});
