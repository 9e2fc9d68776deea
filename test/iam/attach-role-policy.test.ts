import { AttachRolePolicyCommand, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createRole, iamServer, noRole, policyArn } from "./roles-api.ts";

const server = iamServer();
const attach = (RoleName: string) => server.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: policyArn }));

test("twice is once", async () => {
  await createRole(server.iam, "orders");
  await attach("orders");
  await attach("orders");
  const list = new ListAttachedRolePoliciesCommand({ RoleName: "orders" });
  expect((await server.iam.send(list)).AttachedPolicies).toHaveLength(1);
  await expect(attach("nobody")).rejects.toMatchObject(noRole("nobody"));
});
