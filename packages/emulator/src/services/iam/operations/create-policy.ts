import type { CreatePolicyRequest, CreatePolicyResponse } from "@aws-sdk/client-iam";
import { accountId, partitionOf } from "../../../core/arns.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { iamError } from "../iam-error.ts";
import type { IamParts } from "../iam-parts.ts";
import { describeWholePolicy } from "../policy-rules.ts";
import { refuseMalformed } from "../role-rules.ts";

export function createPolicy(
  { ports, roles, policies }: IamParts,
  input: CreatePolicyRequest,
  call: CallContext,
): CreatePolicyResponse {
  const name = required(input.PolicyName, "PolicyName");
  const document = required(input.PolicyDocument, "PolicyDocument");
  refuseMalformed(document);
  const path = input.Path ?? "/";
  // Assumed: the text; names differ in more than the case of their letters, as those of roles do.
  if (policies.list().some((other) => other.name.toLowerCase() === name.toLowerCase()))
    throw iamError(
      "EntityAlreadyExistsException",
      `A policy called ${name} already exists. Duplicate names are not allowed.`,
    );
  const now = ports.clock.now();
  const policy = {
    name,
    path,
    arn: `arn:${partitionOf(call.region)}:iam::${accountId}:policy${path}${name}`,
    // AWS: 21 letters and digits (AWS docs, IAM identifiers).
    id: `ANPA${ports.ids.hex(9).slice(0, 17).toUpperCase()}`,
    description: input.Description,
    tags: input.Tags ?? [],
    createdAt: now,
    updatedAt: now,
    versions: [{ id: "v1", document, createdAt: now }],
    defaultVersion: "v1",
    versionsMade: 1,
  };
  policies.put(policy);
  return { Policy: describeWholePolicy(roles, policy) };
}
