import { GetPolicyCommand, SetDefaultPolicyVersionCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { addVersion, createPolicy, ownPolicyArn } from "./policies-api.ts";
import { iamServer } from "./roles-api.ts";

const server = iamServer();

test("another version counts from then on", async () => {
  const PolicyArn = ownPolicyArn("read");
  await createPolicy(server.iam, "read");
  await addVersion(server.iam, "read", "s3:*");
  const set = (VersionId: string) => server.iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId }));
  await set("v2");
  expect((await server.iam.send(new GetPolicyCommand({ PolicyArn }))).Policy?.DefaultVersionId).toBe("v2");
  await expect(set("v9")).rejects.toMatchObject({ name: "NoSuchEntityException" });
});
