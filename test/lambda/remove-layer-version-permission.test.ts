import { GetLayerVersionPolicyCommand, RemoveLayerVersionPermissionCommand } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { awsError, lambdaServer } from "./lambda-api.ts";
import { allowLayer } from "./layer-permissions-api.ts";
import { layerArnOf, publishLayer } from "./layers-api.ts";

const server = lambdaServer();
const remove = (StatementId: string, VersionNumber = 1) =>
  server.current.lambda.send(
    new RemoveLayerVersionPermissionCommand({ LayerName: "tools", VersionNumber, StatementId }),
  );
const missing = (message: string) => awsError("ResourceNotFoundException", message, 404);

beforeAll(() => publishLayer(server.current.lambda, "tools"));

test("the policy goes with its last statement", async () => {
  const { lambda } = server.current;
  await allowLayer(lambda, "all");
  expect((await remove("all")).$metadata.httpStatusCode).toBe(204);
  const policy = lambda.send(new GetLayerVersionPolicyCommand({ LayerName: "tools", VersionNumber: 1 }));
  await expect(policy).rejects.toMatchObject(missing("No policy is associated with the given resource."));
  await expect(remove("all")).rejects.toMatchObject(missing("Statement all is not found in resource policy."));
});

test("a version that does not exist", async () => {
  await expect(remove("all", 2)).rejects.toMatchObject(
    missing(`Layer version ${layerArnOf("tools")}:2 does not exist.`),
  );
});
