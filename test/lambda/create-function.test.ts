import { createHash } from "node:crypto";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { rawRequest, signature } from "../emulator/raw-http.ts";
import { arnOf, awsError, call, createFunction, lambdaServer, role, uuid, zip } from "./lambda-api.ts";
import { lyingZip, zipOf } from "./zips.ts";

const server = lambdaServer();
const lambda = () => server.current.lambda;

const body = (FunctionName: string, change: object = {}) => ({
  FunctionName,
  Runtime: "nodejs24.x",
  Handler: "index.handler",
  Role: role,
  Code: { ZipFile: Buffer.from(zip).toString("base64") },
  ...change,
});

test("the reply has AWS's members and defaults, and the function is Active then", async () => {
  const { emu } = server.current;
  const reply = await call(emu, "POST", "/2015-03-31/functions", body("orders"));
  expect(reply.status).toBe(201);
  expect(reply.headers.get("content-type")).toBe("application/json");
  expect(reply.headers.get("x-amzn-requestid")).toMatch(uuid);
  const created = JSON.parse(reply.text);
  expect(created).toEqual({
    Architectures: ["x86_64"],
    CodeSha256: createHash("sha256").update(zip).digest("base64"),
    CodeSize: zip.byteLength,
    Description: "",
    EphemeralStorage: { Size: 512 },
    FunctionArn: arnOf("orders"),
    FunctionName: "orders",
    Handler: "index.handler",
    LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
    LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/orders" },
    MemorySize: 128,
    PackageType: "Zip",
    RevisionId: expect.stringMatching(uuid),
    Role: role,
    Runtime: "nodejs24.x",
    RuntimeVersionConfig: {
      RuntimeVersionArn: expect.stringMatching(/^arn:aws:lambda:us-east-1::runtime:[\da-f]{64}$/),
    },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    State: "Pending",
    StateReason: "The function is being created.",
    StateReasonCode: "Creating",
    Timeout: 3,
    TracingConfig: { Mode: "PassThrough" },
    Version: "$LATEST",
  });
  const active = await lambda().send(new GetFunctionConfigurationCommand({ FunctionName: "orders" }));
  expect(active).toMatchObject({ State: "Active", LastUpdateStatus: "Successful" });
  expect(active.RevisionId).not.toBe(created.RevisionId);
});

test("what is asked for is what it has", async () => {
  const settings = {
    Description: "takes orders",
    Timeout: 900,
    MemorySize: 10_240,
    Environment: { Variables: { TABLE: "orders" } },
    EphemeralStorage: { Size: 10_240 },
    Architectures: ["arm64" as const],
    TracingConfig: { Mode: "Active" as const },
    LoggingConfig: { LogGroup: "/orders" },
  };
  expect(await createFunction(lambda(), "with-settings", settings)).toMatchObject({
    ...settings,
    LoggingConfig: { LogFormat: "Text", LogGroup: "/orders" },
  });
});

test("log lines in JSON have levels, INFO unless told otherwise", async () => {
  const LoggingConfig = { LogFormat: "JSON" as const, SystemLogLevel: "WARN" as const };
  expect(await createFunction(lambda(), "with-json", { LoggingConfig })).toMatchObject({
    LoggingConfig: { ...LoggingConfig, ApplicationLogLevel: "INFO", LogGroup: "/aws/lambda/with-json" },
  });
});

test("a function can be made by its ARN, and in another region beside one of the same name", async () => {
  expect(await createFunction(lambda(), arnOf("by-arn"))).toMatchObject({
    FunctionName: "by-arn",
    FunctionArn: arnOf("by-arn"),
  });
  const { emu } = server.current;
  const elsewhere = new LambdaClient({ ...emu.getClientConfig(), region: "eu-west-1" });
  expect(await createFunction(elsewhere, "by-arn")).toMatchObject({
    FunctionArn: "arn:aws:lambda:eu-west-1:000000000000:function:by-arn",
  });
});

test("code may come from a bucket", async () => {
  const s3 = new S3Client(server.current.emu.getClientConfig());
  await s3.send(new CreateBucketCommand({ Bucket: "artifacts" }));
  await s3.send(new PutObjectCommand({ Bucket: "artifacts", Key: "orders 1/code.zip", Body: zip }));
  const Code = { S3Bucket: "artifacts", S3Key: "orders 1/code.zip" };
  expect(await createFunction(lambda(), "from-bucket", { Code })).toMatchObject({ CodeSize: zip.byteLength });
  const missing = createFunction(lambda(), "no-key", { Code: { ...Code, S3Key: "nothing" } });
  await expect(missing).rejects.toMatchObject(
    awsError(
      "InvalidParameterValueException",
      "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.",
    ),
  );
  const nowhere = createFunction(lambda(), "no-bucket", { Code: { ...Code, S3Bucket: "nowhere" } });
  await expect(nowhere).rejects.toMatchObject(
    awsError(
      "InvalidParameterValueException",
      "Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist",
    ),
  );
});

test("a name that is taken is refused with status 409", async () => {
  await createFunction(lambda(), "taken");
  const { emu } = server.current;
  const reply = await call(emu, "POST", "/2015-03-31/functions", body("taken"));
  expect(reply.status).toBe(409);
  expect(reply.headers.get("x-amzn-errortype")).toBe("ResourceConflictException");
  expect(JSON.parse(reply.text)).toEqual({ Type: "User", message: "Function already exist: taken" });
});

test.each([
  ["POST", "/2015-03-31/functions", "Request must be smaller than 70167211 bytes for the CreateFunction operation"],
  ["PUT", "/2015-03-31/nothing", "the request body is larger than 70167211 bytes"],
])("%s %s with more than any request may have is refused", async (method, path, message) => {
  const reply = await rawRequest(server.current.emu.endpoint, {
    method,
    path,
    headers: signature("lambda"),
    body: Buffer.alloc(70_167_212, " "),
  });
  expect([reply.status, reply.headers["x-amzn-errortype"]]).toEqual([413, "RequestEntityTooLargeException"]);
  expect(JSON.parse(reply.body)).toMatchObject({ message });
});

describe("refused as an invalid parameter", () => {
  test.each([
    [
      "a name of 65 characters",
      { FunctionName: "x".repeat(65) },
      `1 validation error detected: Value '${"x".repeat(65)}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    ],
    [
      "what is no zip",
      { Code: { ZipFile: Buffer.from("no zip") } },
      "Could not unzip uploaded file. Please check your file, then try to upload again.",
    ],
    ["an empty zip", { Code: { ZipFile: zipOf({}) } }, "Uploaded file must be a non-empty zip"],
    [
      "a zip that says to have more than 250 MB",
      { Code: { ZipFile: lyingZip(Buffer.from("x"), 262_144_001) } },
      "Unzipped size must be smaller than 262144000 bytes",
    ],
    [
      "tenants",
      { TenancyConfig: { TenantIsolationMode: "PER_TENANT" as const } },
      "LocalEmu does not offer tenants (TenancyConfig).",
    ],
    [
      "signed code",
      { CodeSigningConfigArn: "arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-0123456789abcdef0" },
      "LocalEmu does not offer code signing (CodeSigningConfigArn).",
    ],
    [
      "snapshots of Node.js",
      { Runtime: "nodejs22.x" as const, SnapStart: { ApplyOn: "PublishedVersions" as const } },
      "nodejs22.x is not supported for SnapStart enabled functions.",
    ],
    [
      "no handler",
      { Handler: undefined },
      "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
    ],
    [
      "a retired runtime",
      { Runtime: "nodejs12.x" as const },
      "The runtime parameter of nodejs12.x is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.",
    ],
    [
      "a runtime that is not offered here",
      { Runtime: "java21" as const },
      "LocalEmu runs functions of the runtime java21 by a Docker engine, which it uses with the option docker (LOCALEMU_DOCKER=1); this one was started without.",
    ],
    [
      "a reserved variable",
      { Environment: { Variables: { AWS_REGION: "x", OWN: "y" } } },
      "Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION",
    ],
    [
      "more than 4 KB of variables",
      { Environment: { Variables: { BIG: "x".repeat(4096) } } },
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: {"BIG":"${"x".repeat(4096)}"}`,
    ],
  ])("%s", async (_, change, message) => {
    const creation = createFunction(lambda(), "refused", change);
    await expect(creation).rejects.toMatchObject({
      ...awsError("InvalidParameterValueException", message),
      Type: "User",
    });
    const get = lambda().send(new GetFunctionConfigurationCommand({ FunctionName: "refused" }));
    await expect(get).rejects.toThrow("Function not found");
  });

  test("a runtime that does not exist", async () => {
    const reply = await call(
      server.current.emu,
      "POST",
      "/2015-03-31/functions",
      body("refused", { Runtime: "cobol" }),
    );
    expect(reply.status).toBe(400);
    expect(reply.headers.get("x-amzn-errortype")).toBe("InvalidParameterValueException");
    const { message } = JSON.parse(reply.text);
    expect(message).toMatch(
      /^Value cobol at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: \[nodejs20\.x, python3\.14, .*java8\.al2\] or be a valid ARN$/,
    );
  });
});

describe("refused by the model's constraints", () => {
  const rule = (value: string, member: string, text: string) =>
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${text}`;

  test.each([
    [
      "a role that is no ARN",
      { Role: "r1" },
      rule(
        "r1",
        "role",
        "Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
      ),
    ],
    ["a Timeout of 0", { Timeout: 0 }, rule("0", "timeout", "Member must have value greater than or equal to 1")],
    ["a Timeout of 901", { Timeout: 901 }, rule("901", "timeout", "Member must have value less than or equal to 900")],
    [
      "too little memory",
      { MemorySize: 127 },
      rule("127", "memorySize", "Member must have value greater than or equal to 128"),
    ],
    [
      "too much memory",
      { MemorySize: 10_241 },
      rule("10241", "memorySize", "Member must have value less than or equal to 10240"),
    ],
    [
      "little storage",
      { EphemeralStorage: { Size: 511 } },
      rule("511", "ephemeralStorage.size", "Member must have value greater than or equal to 512"),
    ],
    [
      "an ARN of more than 140 characters",
      { FunctionName: arnOf("x".repeat(141)) },
      expect.stringContaining("Member must have length less than or equal to 140"),
    ],
    [
      "a name with a blank",
      { FunctionName: "a b" },
      expect.stringContaining(
        "Value 'a b' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:",
      ),
    ],
    [
      "two architectures",
      { Architectures: ["x86_64" as const, "arm64" as const] },
      rule("[x86_64, arm64]", "architectures", "Member must have length less than or equal to 1"),
    ],
  ])("%s", async (_, change, message) => {
    await expect(createFunction(lambda(), "refused", change)).rejects.toMatchObject(
      awsError("ValidationException", message),
    );
  });

  test("has no Type in its body", async () => {
    const reply = await call(server.current.emu, "POST", "/2015-03-31/functions", body("refused", { Timeout: 0 }));
    expect(Object.keys(JSON.parse(reply.text))).toEqual(["message"]);
    expect(reply.headers.get("x-amzn-errortype")).toBe("ValidationException");
  });
});
