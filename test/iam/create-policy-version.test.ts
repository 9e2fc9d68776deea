import { DeletePolicyVersionCommand, GetPolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { addVersion, createPolicy, noPolicy, ownPolicyArn, refused } from "./policies-api.ts";
import { iamServer } from "./roles-api.ts";

const server = iamServer();

test("five at a time, whose numbers are not given twice", async () => {
  const PolicyArn = ownPolicyArn("read");
  await createPolicy(server.iam, "read");
  expect(await addVersion(server.iam, "read", "a:1")).toMatchObject({ VersionId: "v2", IsDefaultVersion: false });
  expect(await addVersion(server.iam, "read", "a:2", true)).toMatchObject({ VersionId: "v3", IsDefaultVersion: true });
  expect((await server.iam.send(new GetPolicyCommand({ PolicyArn }))).Policy?.DefaultVersionId).toBe("v3");
  for (const action of ["a:3", "a:4"]) await addVersion(server.iam, "read", action);
  await expect(addVersion(server.iam, "read", "a:5")).rejects.toMatchObject(
    refused(
      "LimitExceededException",
      "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
      409,
    ),
  );
  await server.iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v5" }));
  expect(await addVersion(server.iam, "read", "a:6")).toMatchObject({ VersionId: "v6" });
  await expect(addVersion(server.iam, "nothing", "a:1")).rejects.toMatchObject(noPolicy("nothing"));
});
