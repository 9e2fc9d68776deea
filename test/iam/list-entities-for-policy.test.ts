import { AttachRolePolicyCommand, ListEntitiesForPolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createRole, iamServer, policyArn } from "./roles-api.ts";

const server = iamServer();

test("the roles that have a policy", async () => {
  for (const RoleName of ["b", "a", "c"]) await createRole(server.iam, RoleName);
  for (const RoleName of ["b", "a"])
    await server.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: policyArn }));
  const list = (EntityFilter?: "Role" | "User") =>
    server.iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: policyArn, EntityFilter }));
  expect(await list()).toMatchObject({
    PolicyRoles: [{ RoleName: "a", RoleId: expect.stringMatching(/^AROA/) }, { RoleName: "b" }],
    IsTruncated: false,
  });
  expect((await list("User")).PolicyRoles).toEqual([]);
});
