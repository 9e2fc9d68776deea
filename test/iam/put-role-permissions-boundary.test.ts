import { GetRoleCommand, PutRolePermissionsBoundaryCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { ownPolicyArn } from "./policies-api.ts";
import { createRole, iamServer } from "./roles-api.ts";

const server = iamServer();

test("is told of the role", async () => {
  const RoleName = "orders";
  const PermissionsBoundary = ownPolicyArn("boundary");
  await createRole(server.iam, RoleName);
  await server.iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
  const { Role } = await server.iam.send(new GetRoleCommand({ RoleName }));
  expect(Role?.PermissionsBoundary).toEqual({
    PermissionsBoundaryType: "PermissionsBoundaryPolicy",
    PermissionsBoundaryArn: PermissionsBoundary,
  });
});
