import { GetLayerVersionPolicyCommand } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { awsError, lambdaServer } from "./lambda-api.ts";
import { allowLayer } from "./layer-permissions-api.ts";
import { layerArnOf, publishLayer } from "./layers-api.ts";

const server = lambdaServer();
const get = (VersionNumber: number) =>
  server.current.lambda.send(new GetLayerVersionPolicyCommand({ LayerName: "tools", VersionNumber }));
const missing = (message: string) => awsError("ResourceNotFoundException", message, 404);

beforeAll(() => publishLayer(server.current.lambda, "tools"));

test("the whole policy, as a text", async () => {
  await expect(get(1)).rejects.toMatchObject(missing("No policy is associated with the given resource."));
  const { RevisionId, Statement = "" } = await allowLayer(server.current.lambda, "all");
  const answer = await get(1);
  expect(answer.RevisionId).toBe(RevisionId);
  expect(JSON.parse(answer.Policy ?? "")).toEqual({
    Version: "2012-10-17",
    Id: "default",
    Statement: [JSON.parse(Statement)],
  });
});

test("a version that does not exist", async () => {
  await expect(get(2)).rejects.toMatchObject(missing(`Layer version ${layerArnOf("tools")}:2 does not exist.`));
});
