import { AttachRolePolicyCommand, ListPoliciesCommand } from "@aws-sdk/client-iam";
import type { ListPoliciesCommandInput } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createPolicy, ownPolicyArn } from "./policies-api.ts";
import { createRole, iamServer } from "./roles-api.ts";

const server = iamServer();

test("by ARN: all, those of a path, or those that roles have", async () => {
  for (const name of ["b", "a"]) await createPolicy(server.iam, name);
  await createPolicy(server.iam, "c", { Path: "/service/" });
  await createRole(server.iam, "orders");
  await server.iam.send(new AttachRolePolicyCommand({ RoleName: "orders", PolicyArn: ownPolicyArn("b") }));
  const list = async (input: ListPoliciesCommandInput) =>
    (await server.iam.send(new ListPoliciesCommand(input))).Policies?.map(({ PolicyName }) => PolicyName);
  expect(await list({})).toEqual(["a", "b", "c"]);
  expect(await list({ Scope: "Local", MaxItems: 2 })).toEqual(["a", "b"]);
  expect(await list({ PathPrefix: "/service/" })).toEqual(["c"]);
  expect(await list({ OnlyAttached: true })).toEqual(["b"]);
  expect(await list({ Scope: "AWS" })).toEqual([]);
});
