import type { Role as RoleOutput } from "@aws-sdk/client-iam";
import { required } from "../required-member.ts";
import { iamError } from "./iam-error.ts";
import type { Role, Roles } from "./state/roles.ts";

/** The role of that name, or AWS's error. */
export function existingRole(roles: Roles, name: string | undefined): Role {
  const wanted = required(name, "RoleName");
  const role = roles.find(wanted);
  // Assumed: the text.
  if (role === undefined) throw iamError("NoSuchEntityException", `The role with name ${wanted} cannot be found.`);
  return role;
}

/** Refuses a policy that is no JSON. */
export function refuseMalformed(document: string): void {
  try {
    JSON.parse(document);
  } catch {
    // Assumed: the text.
    throw iamError("MalformedPolicyDocumentException", "This policy contains invalid Json");
  }
}

/** AWS: documents are percent-encoded as RFC 3986 has it (AWS docs). */
export function encodedDocument(document: string): string {
  return encodeURIComponent(document).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A role without what only GetRole tells. */
export function describeRole(role: Role): RoleOutput {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodedDocument(role.trustPolicy),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
  };
}

/** As creating it and GetRole show it: with its tags and its boundary. */
export function describeWholeRole(role: Role): RoleOutput {
  return {
    ...describeRole(role),
    Tags: role.tags.length === 0 ? undefined : [...role.tags],
    PermissionsBoundary:
      role.boundary === undefined
        ? undefined
        : { PermissionsBoundaryType: "PermissionsBoundaryPolicy", PermissionsBoundaryArn: role.boundary },
  };
}
