import { GetLayerVersionByArnCommand } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { awsError, lambdaServer } from "./lambda-api.ts";
import { layerArnOf, publishLayer } from "./layers-api.ts";

const server = lambdaServer();
const get = (Arn: string) => server.current.lambda.send(new GetLayerVersionByArnCommand({ Arn }));

beforeAll(() => publishLayer(server.current.lambda, "tools"));

test("what was published", async () => {
  expect(await get(`${layerArnOf("tools")}:1`)).toMatchObject({ Version: 1, LayerArn: layerArnOf("tools") });
});

test.each([
  `${layerArnOf("tools")}:2`,
  `${layerArnOf("nothing")}:1`,
  "arn:aws:lambda:eu-west-1:000000000000:layer:tools:1",
  "arn:aws:lambda:us-east-1:111122223333:layer:tools:1",
])("there is no %s", async (arn) => {
  await expect(get(arn)).rejects.toMatchObject(
    awsError("ResourceNotFoundException", "The resource you requested does not exist.", 404),
  );
});
