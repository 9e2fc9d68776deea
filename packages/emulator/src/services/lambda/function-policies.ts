import type { AddPermissionRequest } from "@aws-sdk/client-lambda";
import { partitionOf } from "../../core/arns.ts";
import { invalidParameter, lambdaError } from "./lambda-error.ts";
import type { FunctionTarget } from "./function-address.ts";
import type { PolicyStatement } from "./state/function-policy.ts";

/** What a policy belongs to: the function as a whole, a version or an alias. */
export function policyKey({ qualifier = "$LATEST" }: Pick<FunctionTarget, "qualifier">): string {
  return qualifier;
}

/** The revision that callers see beside a policy. */
export function policyRevision({ alias, version }: FunctionTarget): string {
  return (alias ?? version).revisionId;
}

/** Refuses a change of a policy that is not the one that the caller saw. */
export function refuseOtherPolicyRevision(target: FunctionTarget, revisionId: string | undefined): void {
  // AWS: recorded on AWS.
  if (revisionId !== undefined && revisionId !== policyRevision(target))
    throw lambdaError(
      "PreconditionFailedException",
      "The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest Revision Id",
    );
}

/** A changed policy is a new revision of what it belongs to. */
export function revisePolicy({ fn, alias, version }: FunctionTarget, revisionId: string): void {
  if (alias === undefined) version.revisionId = revisionId;
  else fn.aliases.set(alias.name, { ...alias, revisionId });
}

// Assumed: what a policy refers to has the qualifier that was given.
export function statementOf(
  { fn, qualifier }: FunctionTarget,
  input: AddPermissionRequest,
  required: { readonly sid: string; readonly action: string; readonly principal: string },
): PolicyStatement {
  const condition = conditionOf(input);
  return {
    Sid: required.sid,
    Effect: "Allow",
    Principal: principalOf(fn.region, required.principal),
    Action: required.action,
    Resource: qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`,
    ...(condition === undefined ? {} : { Condition: condition }),
  };
}

function principalOf(region: string, principal: string): PolicyStatement["Principal"] {
  if (principal === "*") return principal;
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:${partitionOf(region)}:iam::${principal}:root` };
  if (/^arn:aws[a-zA-Z-]*:(iam|sts)::/.test(principal)) return { AWS: principal };
  if (/\.amazonaws\.com(\.cn)?$|\.amazon\.com$/.test(principal)) return { Service: principal };
  // AWS: recorded on AWS.
  throw invalidParameter("The provided principal was invalid. Please check the principal and try again.");
}

// Assumed: the keys of the conditions in these cases of letters, on which other emulators agree.
function conditionOf(input: AddPermissionRequest): PolicyStatement["Condition"] {
  const equal: Record<string, string> = {};
  if (input.FunctionUrlAuthType !== undefined) equal["lambda:FunctionUrlAuthType"] = input.FunctionUrlAuthType;
  if (input.PrincipalOrgID !== undefined) equal["aws:PrincipalOrgID"] = input.PrincipalOrgID;
  if (input.SourceAccount !== undefined) equal["AWS:SourceAccount"] = input.SourceAccount;
  if (input.EventSourceToken !== undefined) equal["lambda:EventSourceToken"] = input.EventSourceToken;
  const like: Record<string, string> = input.SourceArn === undefined ? {} : { "AWS:SourceArn": input.SourceArn };
  const condition = {
    ...(Object.keys(equal).length === 0 ? {} : { StringEquals: equal }),
    ...(Object.keys(like).length === 0 ? {} : { ArnLike: like }),
    ...(input.InvokedViaFunctionUrl === true ? { Bool: { "lambda:InvokedViaFunctionUrl": "true" } } : {}),
  };
  return Object.keys(condition).length === 0 ? undefined : condition;
}
