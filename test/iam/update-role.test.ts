import { GetRoleCommand, UpdateRoleCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createRole, iamServer, noRole } from "./roles-api.ts";

const server = iamServer();

test("changes what is given", async () => {
  const RoleName = "orders";
  await createRole(server.iam, RoleName, { Description: "first" });
  const update = async (change: { Description?: string; MaxSessionDuration?: number }) => {
    await server.iam.send(new UpdateRoleCommand({ RoleName, ...change }));
    return (await server.iam.send(new GetRoleCommand({ RoleName }))).Role;
  };
  expect(await update({ MaxSessionDuration: 7200 })).toMatchObject({ Description: "first", MaxSessionDuration: 7200 });
  expect(await update({ Description: "second" })).toMatchObject({ Description: "second", MaxSessionDuration: 7200 });
  await expect(server.iam.send(new UpdateRoleCommand({ RoleName: "nobody" }))).rejects.toMatchObject(noRole("nobody"));
});
