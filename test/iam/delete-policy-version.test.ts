import { DeletePolicyVersionCommand, ListPolicyVersionsCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { addVersion, createPolicy, ownPolicyArn, refused } from "./policies-api.ts";
import { iamServer } from "./roles-api.ts";

const server = iamServer();

test("any but the default one", async () => {
  const PolicyArn = ownPolicyArn("read");
  await createPolicy(server.iam, "read");
  await addVersion(server.iam, "read", "s3:*", true);
  const remove = (VersionId: string) => server.iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
  await expect(remove("v2")).rejects.toMatchObject(
    refused("DeleteConflictException", "Cannot delete the default version of a policy.", 409),
  );
  await remove("v1");
  const { Versions } = await server.iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
  expect(Versions?.map(({ VersionId }) => VersionId)).toEqual(["v2"]);
  await expect(remove("v1")).rejects.toMatchObject({ name: "NoSuchEntityException" });
});
