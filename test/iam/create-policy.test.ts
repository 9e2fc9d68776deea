import { CreatePolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createPolicy, documentOf, ownPolicyArn, refused } from "./policies-api.ts";
import { iamServer } from "./roles-api.ts";

const server = iamServer();

test("has AWS's members", async () => {
  const Tags = [{ Key: "team", Value: "a" }];
  const policy = await createPolicy(server.iam, "read", { Path: "/service/", Description: "reads", Tags });
  expect(policy).toEqual({
    PolicyName: "read",
    PolicyId: expect.stringMatching(/^ANPA[\dA-F]{17}$/),
    Arn: ownPolicyArn("service/read"),
    Path: "/service/",
    DefaultVersionId: "v1",
    AttachmentCount: 0,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    Description: "reads",
    CreateDate: expect.any(Date),
    UpdateDate: expect.any(Date),
    Tags,
  });
});

test("a name that is taken, and what is no JSON, are refused", async () => {
  await createPolicy(server.iam, "taken");
  await expect(createPolicy(server.iam, "Taken")).rejects.toMatchObject(
    refused(
      "EntityAlreadyExistsException",
      "A policy called Taken already exists. Duplicate names are not allowed.",
      409,
    ),
  );
  const create = server.iam.send(new CreatePolicyCommand({ PolicyName: "odd", PolicyDocument: `${documentOf("a")}}` }));
  await expect(create).rejects.toMatchObject({ name: "MalformedPolicyDocumentException" });
});
