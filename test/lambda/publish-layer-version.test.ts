import { describe, expect, test } from "vitest";
import { awsError, lambdaServer } from "./lambda-api.ts";
import { layerArnOf, publishLayer } from "./layers-api.ts";

const server = lambdaServer();

test("the first version, with all that was given", async () => {
  const facts = {
    Description: "what orders need",
    CompatibleRuntimes: ["nodejs24.x", "nodejs22.x"],
    CompatibleArchitectures: ["arm64"],
    LicenseInfo: "MIT",
  } as const;
  const answer = await publishLayer(
    server.current.lambda,
    "tools",
    { "nodejs/a.txt": "1" },
    {
      ...facts,
      CompatibleRuntimes: [...facts.CompatibleRuntimes],
      CompatibleArchitectures: [...facts.CompatibleArchitectures],
    },
  );
  expect(answer.$metadata.httpStatusCode).toBe(201);
  expect(answer).toMatchObject({
    ...facts,
    LayerArn: layerArnOf("tools"),
    LayerVersionArn: `${layerArnOf("tools")}:1`,
    Version: 1,
    CreatedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
    Content: { CodeSha256: expect.stringMatching(/^[\w+/]{43}=$/), CodeSize: expect.any(Number) },
  });
  const download = await fetch(answer.Content?.Location ?? "");
  expect((await download.arrayBuffer()).byteLength).toBe(answer.Content?.CodeSize);
});

test("the next number for each, by name or ARN", async () => {
  const { lambda } = server.current;
  expect(await publishLayer(lambda, "counted")).toMatchObject({ Version: 1, Description: "" });
  expect(await publishLayer(lambda, layerArnOf("counted"))).toMatchObject({
    Version: 2,
    LayerVersionArn: `${layerArnOf("counted")}:2`,
  });
});

describe("refused", () => {
  test("what is no zip", async () => {
    const broken = publishLayer(server.current.lambda, "broken", {}, { Content: { ZipFile: Buffer.from("no zip") } });
    await expect(broken).rejects.toMatchObject(
      awsError(
        "InvalidParameterValueException",
        "Could not unzip uploaded file. Please check your file, then try to upload again.",
      ),
    );
  });

  test("an object that is not there", async () => {
    const Content = { S3Bucket: "nowhere", S3Key: "layer.zip" };
    await expect(publishLayer(server.current.lambda, "broken", {}, { Content })).rejects.toMatchObject(
      awsError(
        "InvalidParameterValueException",
        "Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist",
      ),
    );
  });
});
