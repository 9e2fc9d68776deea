import { GetRoleCommand, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { documentOf } from "./policies-api.ts";
import { createRole, decoded, iamServer } from "./roles-api.ts";

const server = iamServer();

test("another document in the place of the old", async () => {
  const RoleName = "orders";
  await createRole(server.iam, RoleName);
  const update = (PolicyDocument: string) =>
    server.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
  await update(documentOf("sts:AssumeRole"));
  const { Role } = await server.iam.send(new GetRoleCommand({ RoleName }));
  expect(decoded(Role?.AssumeRolePolicyDocument)).toEqual(JSON.parse(documentOf("sts:AssumeRole")));
  await expect(update("{")).rejects.toMatchObject({ name: "MalformedPolicyDocumentException" });
});
