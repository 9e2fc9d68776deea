import { ListPolicyVersionsCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { addVersion, createPolicy, noPolicy, ownPolicyArn } from "./policies-api.ts";
import { iamServer } from "./roles-api.ts";

const server = iamServer();

test("the versions that there are, in pages", async () => {
  await createPolicy(server.iam, "read");
  for (const action of ["s3:*", "sqs:*"]) await addVersion(server.iam, "read", action, true);
  const list = (name: string, MaxItems?: number) =>
    server.iam.send(new ListPolicyVersionsCommand({ PolicyArn: ownPolicyArn(name), MaxItems }));
  const { Versions, IsTruncated } = await list("read");
  expect(IsTruncated).toBe(false);
  expect(Versions?.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion])).toEqual([
    ["v1", false],
    ["v2", false],
    ["v3", true],
  ]);
  expect(Versions?.[0]).not.toHaveProperty("Document");
  expect(await list("read", 2)).toMatchObject({
    Versions: [{ VersionId: "v1" }, { VersionId: "v2" }],
    IsTruncated: true,
  });
  await expect(list("nothing")).rejects.toMatchObject(noPolicy("nothing"));
});
