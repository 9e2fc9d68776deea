import { ListPolicyTagsCommand, TagPolicyCommand, UntagPolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createPolicy, ownPolicyArn } from "./policies-api.ts";
import { iamServer } from "./roles-api.ts";

const server = iamServer();

test("takes tags away; what is not there is no error", async () => {
  await createPolicy(server.iam, "tagged");
  const Tags = ["a", "b"].map((Key) => ({ Key, Value: "" }));
  await server.iam.send(new TagPolicyCommand({ PolicyArn: ownPolicyArn("tagged"), Tags }));
  await server.iam.send(new UntagPolicyCommand({ PolicyArn: ownPolicyArn("tagged"), TagKeys: ["a", "z"] }));
  expect((await server.iam.send(new ListPolicyTagsCommand({ PolicyArn: ownPolicyArn("tagged") }))).Tags).toEqual([
    { Key: "b", Value: "" },
  ]);
});
