import { ListInstanceProfilesForRoleCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createRole, iamServer, noRole } from "./roles-api.ts";

const server = iamServer();

test("a role has none", async () => {
  await createRole(server.iam, "orders");
  const list = (RoleName: string) => server.iam.send(new ListInstanceProfilesForRoleCommand({ RoleName }));
  expect(await list("orders")).toMatchObject({ InstanceProfiles: [], IsTruncated: false });
  await expect(list("nobody")).rejects.toMatchObject(noRole("nobody"));
});
