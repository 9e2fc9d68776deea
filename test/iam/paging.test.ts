import {
  AttachRolePolicyCommand,
  ListRolesCommand,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  paginateListRoles,
} from "@aws-sdk/client-iam";
import { beforeAll, expect, test } from "vitest";
import { putPolicy } from "./inline-policies.ts";
import { createRole, iamServer, policyArn } from "./roles-api.ts";

const server = iamServer();
const names = ["d", "b", "e", "a", "c"];
const pages = () => ({ client: server.iam, pageSize: 2 });

beforeAll(async () => {
  for (const name of names) await createRole(server.iam, name);
  for (const name of names) {
    await putPolicy(server.iam, "a", name);
    await server.iam.send(new AttachRolePolicyCommand({ RoleName: "a", PolicyArn: `${policyArn}-${name}` }));
  }
});

test("each list comes in pages as long as they are asked for", async () => {
  const roles: (string | undefined)[][] = [];
  for await (const { Roles = [] } of paginateListRoles(pages(), {})) roles.push(Roles.map(({ RoleName }) => RoleName));
  expect(roles).toEqual([["a", "b"], ["c", "d"], ["e"]]);
  const inline: string[][] = [];
  for await (const { PolicyNames = [] } of paginateListRolePolicies(pages(), { RoleName: "a" }))
    inline.push(PolicyNames);
  expect(inline).toEqual([["a", "b"], ["c", "d"], ["e"]]);
  const attached: number[] = [];
  for await (const page of paginateListAttachedRolePolicies(pages(), { RoleName: "a" }))
    attached.push(page.AttachedPolicies?.length ?? 0);
  expect(attached).toEqual([2, 2, 1]);
});

test("a page says whether there is another, and goes on where a role is gone", async () => {
  const { Marker, IsTruncated } = await server.iam.send(new ListRolesCommand({ MaxItems: 4 }));
  expect({ Marker, IsTruncated }).toEqual({ Marker: expect.any(String), IsTruncated: true });
  const last = await server.iam.send(new ListRolesCommand({ Marker, MaxItems: 1 }));
  expect(last).toMatchObject({ Roles: [{ RoleName: "e" }], IsTruncated: false });
  expect(last.Marker).toBeUndefined();
});

test.each([
  [{ MaxItems: 0 }, "Value '0' at 'maxItems' failed to satisfy constraint: Member must have value greater than"],
  [{ MaxItems: 1001 }, "Value '1001' at 'maxItems' failed to satisfy constraint: Member must have value less than"],
  [{ Marker: "nonsense" }, "Invalid Marker"],
])("%j is refused", async (input, message) => {
  await expect(server.iam.send(new ListRolesCommand(input))).rejects.toMatchObject({
    name: "ValidationError",
    message: expect.stringContaining(message),
    $metadata: { httpStatusCode: 400 },
  });
});
