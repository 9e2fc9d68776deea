import { GetRoleCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createRole, iamServer, noRole } from "./roles-api.ts";

const server = iamServer();

test("a role that was made, and one that was not", async () => {
  const { Role } = await createRole(server.iam, "orders");
  const get = (RoleName: string) => server.iam.send(new GetRoleCommand({ RoleName }));
  expect((await get("orders")).Role).toEqual({ ...Role, RoleLastUsed: {} });
  await expect(get("nobody")).rejects.toMatchObject(noRole("nobody"));
});
