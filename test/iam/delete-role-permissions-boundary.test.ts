import { DeleteRolePermissionsBoundaryCommand, GetRoleCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { ownPolicyArn } from "./policies-api.ts";
import { createRole, iamServer } from "./roles-api.ts";

const server = iamServer();

test("is told no more", async () => {
  const RoleName = "orders";
  await createRole(server.iam, RoleName, { PermissionsBoundary: ownPolicyArn("boundary") });
  await server.iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
  expect((await server.iam.send(new GetRoleCommand({ RoleName }))).Role).not.toHaveProperty("PermissionsBoundary");
});
