import { GetPolicyVersionCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { addVersion, createPolicy, documentOf, noPolicy, ownPolicyArn, refused } from "./policies-api.ts";
import { decoded, iamServer } from "./roles-api.ts";

const server = iamServer();

test("each version has its document", async () => {
  await createPolicy(server.iam, "read");
  await addVersion(server.iam, "read", "s3:*", true);
  const get = async (name: string, VersionId: string) => {
    const output = await server.iam.send(new GetPolicyVersionCommand({ PolicyArn: ownPolicyArn(name), VersionId }));
    return { ...output.PolicyVersion, Document: decoded(output.PolicyVersion?.Document) };
  };
  expect(await get("read", "v1")).toEqual({
    VersionId: "v1",
    IsDefaultVersion: false,
    CreateDate: expect.any(Date),
    Document: JSON.parse(documentOf("s3:GetObject")),
  });
  expect(await get("read", "v2")).toMatchObject({ IsDefaultVersion: true, Document: JSON.parse(documentOf("s3:*")) });
  await expect(get("read", "v3")).rejects.toMatchObject(
    refused(
      "NoSuchEntityException",
      `Policy ${ownPolicyArn("read")} version v3 does not exist or is not attachable.`,
      404,
    ),
  );
  await expect(get("nothing", "v1")).rejects.toMatchObject(noPolicy("nothing"));
});
