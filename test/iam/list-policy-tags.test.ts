import { ListPolicyTagsCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createPolicy, ownPolicyArn, noPolicy } from "./policies-api.ts";
import { iamServer } from "./roles-api.ts";

const server = iamServer();

test("by key, in pages", async () => {
  const Tags = ["b", "c", "a"].map((Key) => ({ Key, Value: Key }));
  await createPolicy(server.iam, "tagged", { Tags });
  const first = await server.iam.send(new ListPolicyTagsCommand({ PolicyArn: ownPolicyArn("tagged"), MaxItems: 2 }));
  expect(first).toMatchObject({ Tags: [{ Key: "a" }, { Key: "b" }], IsTruncated: true });
  const rest = await server.iam.send(
    new ListPolicyTagsCommand({ PolicyArn: ownPolicyArn("tagged"), Marker: first.Marker }),
  );
  expect(rest).toMatchObject({ Tags: [{ Key: "c" }], IsTruncated: false });
  const missing = server.iam.send(new ListPolicyTagsCommand({ PolicyArn: ownPolicyArn("nothing") }));
  await expect(missing).rejects.toMatchObject(noPolicy("nothing"));
});
