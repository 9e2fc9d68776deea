import { AttachRolePolicyCommand, GetPolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createPolicy, noPolicy, ownPolicyArn } from "./policies-api.ts";
import { createRole, iamServer } from "./roles-api.ts";

const server = iamServer();

test("a policy, and how many roles have it", async () => {
  await createPolicy(server.iam, "read", { Description: "reads" });
  await createRole(server.iam, "orders");
  const get = (PolicyArn: string) => server.iam.send(new GetPolicyCommand({ PolicyArn }));
  await server.iam.send(new AttachRolePolicyCommand({ RoleName: "orders", PolicyArn: ownPolicyArn("read") }));
  const { Policy } = await get(ownPolicyArn("read"));
  expect(Policy).toMatchObject({
    PolicyName: "read",
    Description: "reads",
    AttachmentCount: 1,
    DefaultVersionId: "v1",
  });
  await expect(get(ownPolicyArn("nothing"))).rejects.toMatchObject(noPolicy("nothing"));
});
