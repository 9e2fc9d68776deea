import { AttachRolePolicyCommand, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createRole, iamServer, noRole, policyArn } from "./roles-api.ts";

const server = iamServer();

test("their names and ARNs", async () => {
  await createRole(server.iam, "orders");
  await server.iam.send(new AttachRolePolicyCommand({ RoleName: "orders", PolicyArn: policyArn }));
  const list = (RoleName: string) => server.iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  expect(await list("orders")).toMatchObject({
    AttachedPolicies: [{ PolicyName: "AWSLambdaBasicExecutionRole", PolicyArn: policyArn }],
    IsTruncated: false,
  });
  await expect(list("nobody")).rejects.toMatchObject(noRole("nobody"));
});
