import { UpdateRoleDescriptionCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createRole, iamServer } from "./roles-api.ts";

const server = iamServer();

test("is answered with the role", async () => {
  const RoleName = "orders";
  await createRole(server.iam, RoleName, { Description: "first" });
  const { Role } = await server.iam.send(new UpdateRoleDescriptionCommand({ RoleName, Description: "second" }));
  expect(Role).toMatchObject({ RoleName, Description: "second", MaxSessionDuration: 3600 });
});
