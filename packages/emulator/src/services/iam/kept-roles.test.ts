import { expect, test } from "vitest";
import { fakeHostTime } from "../../core/fake-host-time.ts";
import { randomIds } from "../../core/ids.ts";
import { WorldClock } from "../../core/world-clock.ts";
import { memoryDocuments } from "../../storage/memory-documents.ts";
import { createIam } from "./index.ts";

test("roles and policies are there again", async () => {
  const clock = new WorldClock(fakeHostTime(), () => {});
  const documents = memoryDocuments();
  const start = () => createIam({ clock, ids: randomIds(), documents }).operations;
  const call = {
    region: "us-east-1",
    accountId: "000000000000",
    accessKeyId: "test",
    requestId: "test",
    origin: "http://localhost",
    signal: new AbortController().signal,
  };
  const RoleName = "runs-orders";
  const document = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  const before = start();
  for (const name of [RoleName, "gone"]) {
    const Tags = [{ Key: "team", Value: "orders" }];
    const more = {
      Path: "/service/",
      MaxSessionDuration: 7200,
      PermissionsBoundary: "arn:aws:iam::aws:policy/x",
      Tags,
    };
    await before.CreateRole({ RoleName: name, AssumeRolePolicyDocument: document, ...more }, call);
  }
  await before.DeleteRole({ RoleName: "gone" }, call);
  for (const PolicyName of ["kept", "dropped"])
    await before.PutRolePolicy({ RoleName, PolicyName, PolicyDocument: document }, call);
  await before.DeleteRolePolicy({ RoleName, PolicyName: "dropped" }, call);
  const [attached, detached] = ["attached", "detached"].map((name) => `arn:aws:iam::aws:policy/${name}`);
  for (const PolicyArn of [attached, detached]) await before.AttachRolePolicy({ RoleName, PolicyArn }, call);
  await before.DetachRolePolicy({ RoleName, PolicyArn: detached }, call);
  await before.UpdateRoleDescription({ RoleName, Description: "runs what takes orders" }, call);
  const described = await before.GetRole({ RoleName }, call);
  const Tags = [{ Key: "team", Value: "orders" }];
  const { Policy } = await before.CreatePolicy({ PolicyName: "reads", PolicyDocument: document, Tags }, call);
  const PolicyArn = Policy?.Arn;
  await before.CreatePolicyVersion({ PolicyArn, PolicyDocument: document, SetAsDefault: true }, call);
  const { Policy: dropped } = await before.CreatePolicy({ PolicyName: "dropped", PolicyDocument: document }, call);
  await before.DeletePolicy({ PolicyArn: dropped?.Arn }, call);

  const after = start();
  expect(await after.GetRole({ RoleName }, call)).toEqual(described);
  expect((await after.ListRoles({}, call)).Roles).toHaveLength(1);
  const policy = { RoleName, PolicyName: "kept" };
  expect(await after.GetRolePolicy(policy, call)).toEqual(await before.GetRolePolicy(policy, call));
  expect(await after.ListRolePolicies({ RoleName }, call)).toMatchObject({ PolicyNames: ["kept"] });
  const { AttachedPolicies } = await after.ListAttachedRolePolicies({ RoleName }, call);
  expect(await after.GetPolicy({ PolicyArn }, call)).toEqual(await before.GetPolicy({ PolicyArn }, call));
  expect((await after.ListPolicyVersions({ PolicyArn }, call)).Versions).toHaveLength(2);
  expect((await after.ListPolicies({ Scope: "Local" }, call)).Policies).toHaveLength(1);
  expect(AttachedPolicies).toEqual([{ PolicyName: "attached", PolicyArn: attached }]);
});
