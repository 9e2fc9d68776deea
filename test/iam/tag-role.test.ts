import { ListRoleTagsCommand, TagRoleCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createRole, iamServer } from "./roles-api.ts";

const server = iamServer();

test("adds tags and replaces values, up to 50", async () => {
  await createRole(server.iam, "tagged");
  const tag = (...tags: [string, string][]) =>
    server.iam.send(new TagRoleCommand({ RoleName: "tagged", Tags: tags.map(([Key, Value]) => ({ Key, Value })) }));
  await tag(["a", "1"], ["b", "2"]);
  await tag(["b", "3"]);
  const { Tags } = await server.iam.send(new ListRoleTagsCommand({ RoleName: "tagged" }));
  expect(Tags).toEqual([
    { Key: "a", Value: "1" },
    { Key: "b", Value: "3" },
  ]);
  const many = Array.from({ length: 49 }, (_, n): [string, string] => [`tag${n}`, ""]);
  await expect(tag(...many)).rejects.toMatchObject({ name: "LimitExceededException" });
});
