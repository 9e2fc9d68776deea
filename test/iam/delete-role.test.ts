import {
  AttachRolePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createRole, iamServer, noRole, policyArn } from "./roles-api.ts";

const server = iamServer();
const RoleName = "orders";
const remove = () => server.iam.send(new DeleteRoleCommand({ RoleName }));
const conflict = (message: string) => ({
  name: "DeleteConflictException",
  message,
  $metadata: { httpStatusCode: 409 },
});

test("a role goes after its policies", async () => {
  const { iam } = server;
  await createRole(iam, RoleName);
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "logs", PolicyDocument: "{}" }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: policyArn }));
  await expect(remove()).rejects.toMatchObject(conflict("Cannot delete entity, must delete policies first."));
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "logs" }));
  await expect(remove()).rejects.toMatchObject(conflict("Cannot delete entity, must detach all policies first."));
  await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: policyArn }));
  await remove();
  await expect(remove()).rejects.toMatchObject(noRole(RoleName));
});
