import { AttachRolePolicyCommand, DetachRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createRole, iamServer, noRole, policyArn } from "./roles-api.ts";

const server = iamServer();
const detach = (RoleName: string) => server.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: policyArn }));

test("it is gone, and then there is none", async () => {
  await createRole(server.iam, "orders");
  await server.iam.send(new AttachRolePolicyCommand({ RoleName: "orders", PolicyArn: policyArn }));
  await detach("orders");
  await expect(detach("orders")).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: `Policy ${policyArn} was not found.`,
  });
  await expect(detach("nobody")).rejects.toMatchObject(noRole("nobody"));
});
