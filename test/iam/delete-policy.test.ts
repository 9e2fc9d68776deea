import {
  AttachRolePolicyCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { addVersion, createPolicy, noPolicy, ownPolicyArn, refused } from "./policies-api.ts";
import { createRole, iamServer } from "./roles-api.ts";

const server = iamServer();

test("a policy that no role has, with its last version", async () => {
  const PolicyArn = ownPolicyArn("read");
  const remove = () => server.iam.send(new DeletePolicyCommand({ PolicyArn }));
  await createPolicy(server.iam, "read");
  await addVersion(server.iam, "read", "s3:*");
  await createRole(server.iam, "orders");
  await server.iam.send(new AttachRolePolicyCommand({ RoleName: "orders", PolicyArn }));
  await expect(remove()).rejects.toMatchObject(
    refused("DeleteConflictException", "Cannot delete a policy attached to entities.", 409),
  );
  await server.iam.send(new DetachRolePolicyCommand({ RoleName: "orders", PolicyArn }));
  await expect(remove()).rejects.toMatchObject({
    name: "DeleteConflictException",
    message: expect.stringContaining("This policy has more than one version."),
  });
  await server.iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v2" }));
  await remove();
  await expect(server.iam.send(new GetPolicyCommand({ PolicyArn }))).rejects.toMatchObject(noPolicy("read"));
});
