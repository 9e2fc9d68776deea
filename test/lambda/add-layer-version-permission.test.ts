import { beforeAll, expect, test } from "vitest";
import { awsError, lambdaServer, uuid } from "./lambda-api.ts";
import { allowLayer } from "./layer-permissions-api.ts";
import { layerArnOf, publishLayer } from "./layers-api.ts";

const server = lambdaServer();

beforeAll(() => publishLayer(server.current.lambda, "tools"));

test("the statement is told as a text", async () => {
  const { lambda } = server.current;
  const { Statement = "", RevisionId, $metadata } = await allowLayer(lambda, "all", { OrganizationId: "o-0123456789" });
  expect($metadata.httpStatusCode).toBe(201);
  expect(RevisionId).toMatch(uuid);
  expect(JSON.parse(Statement)).toEqual({
    Sid: "all",
    Effect: "Allow",
    Principal: "*",
    Action: "lambda:GetLayerVersion",
    Resource: `${layerArnOf("tools")}:1`,
    Condition: { StringEquals: { "aws:PrincipalOrgID": "o-0123456789" } },
  });
  const other = await allowLayer(lambda, "one", { Principal: "111122223333", RevisionId });
  expect(JSON.parse(other.Statement ?? "").Principal).toEqual({ AWS: "arn:aws:iam::111122223333:root" });
});

test("refused", async () => {
  const { lambda } = server.current;
  await allowLayer(lambda, "twice");
  await expect(allowLayer(lambda, "twice")).rejects.toMatchObject({ name: "ResourceConflictException" });
  await expect(allowLayer(lambda, "late", { RevisionId: "other" })).rejects.toMatchObject(
    awsError(
      "PreconditionFailedException",
      "The Revision Id provided does not match the latest Revision Id. Call the GetLayerPolicy API to retrieve the latest Revision Id",
      412,
    ),
  );
  await expect(allowLayer(lambda, "missing", { VersionNumber: 2 })).rejects.toMatchObject(
    awsError("ResourceNotFoundException", `Layer version ${layerArnOf("tools")}:2 does not exist.`, 404),
  );
});
