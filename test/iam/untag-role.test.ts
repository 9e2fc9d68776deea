import { ListRoleTagsCommand, TagRoleCommand, UntagRoleCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createRole, iamServer } from "./roles-api.ts";

const server = iamServer();

test("takes tags away; what is not there is no error", async () => {
  await createRole(server.iam, "tagged");
  const Tags = ["a", "b"].map((Key) => ({ Key, Value: "" }));
  await server.iam.send(new TagRoleCommand({ RoleName: "tagged", Tags }));
  await server.iam.send(new UntagRoleCommand({ RoleName: "tagged", TagKeys: ["a", "z"] }));
  expect((await server.iam.send(new ListRoleTagsCommand({ RoleName: "tagged" }))).Tags).toEqual([
    { Key: "b", Value: "" },
  ]);
});
