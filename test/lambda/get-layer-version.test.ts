import { GetLayerVersionCommand } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { awsError, lambdaServer } from "./lambda-api.ts";
import { layerArnOf, publishLayer } from "./layers-api.ts";

const server = lambdaServer();
const get = (LayerName: string, VersionNumber: number) =>
  server.current.lambda.send(new GetLayerVersionCommand({ LayerName, VersionNumber }));

beforeAll(() => publishLayer(server.current.lambda, "tools"));

test.each(["tools", layerArnOf("tools")])("what was published, by %s", async (name) => {
  expect(await get(name, 1)).toMatchObject({
    LayerVersionArn: `${layerArnOf("tools")}:1`,
    Content: { CodeSha256: expect.any(String) },
  });
});

test.each<[string, number, object]>([
  ["tools", 2, awsError("ResourceNotFoundException", "The resource you requested does not exist.", 404)],
  ["nothing", 1, awsError("ResourceNotFoundException", "The resource you requested does not exist.", 404)],
  ["tools", 0, awsError("InvalidParameterValueException", "Layer Version Cannot be less than 1")],
])("there is no %s:%i", async (name, version, error) => {
  await expect(get(name, version)).rejects.toMatchObject(error);
});
