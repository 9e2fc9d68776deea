import { expect, test } from "vitest";
import { createRole, decoded, iamServer, trust } from "./roles-api.ts";

const server = iamServer();

test("what was given is told", async () => {
  const { Role } = await createRole(server.iam, "orders", {
    Path: "/service/",
    Description: "runs orders",
    MaxSessionDuration: 7200,
    Tags: [{ Key: "team", Value: "a" }],
    PermissionsBoundary: "arn:aws:iam::aws:policy/Boundary",
  });
  expect(Role).toMatchObject({
    RoleName: "orders",
    Path: "/service/",
    Arn: "arn:aws:iam::000000000000:role/service/orders",
    RoleId: expect.stringMatching(/^AROA[\dA-Z]{17}$/),
    CreateDate: expect.any(Date),
    Description: "runs orders",
    MaxSessionDuration: 7200,
    Tags: [{ Key: "team", Value: "a" }],
    PermissionsBoundary: { PermissionsBoundaryArn: "arn:aws:iam::aws:policy/Boundary" },
  });
  expect(Role?.AssumeRolePolicyDocument).toMatch(/^%7B%22Version/);
  expect(decoded(Role?.AssumeRolePolicyDocument)).toEqual(JSON.parse(trust));
});

test("refused", async () => {
  await createRole(server.iam, "twice");
  await expect(createRole(server.iam, "twice")).rejects.toMatchObject({
    name: "EntityAlreadyExistsException",
    message: "Role with name twice already exists.",
    $metadata: { httpStatusCode: 409 },
  });
  await expect(createRole(server.iam, "Twice")).rejects.toMatchObject({
    name: "EntityAlreadyExistsException",
    message: "Role with name Twice already exists.",
  });
  await expect(createRole(server.iam, "broken", { AssumeRolePolicyDocument: "{" })).rejects.toMatchObject({
    name: "MalformedPolicyDocumentException",
    message: "This policy contains invalid Json",
  });
});
