import type { ListPoliciesRequest, ListPoliciesResponse } from "@aws-sdk/client-iam";
import type { IamParts } from "../iam-parts.ts";
import { pageOf } from "../page.ts";
import { describePolicy, rolesWith } from "../policy-rules.ts";

/** By ARN. AWS's own policies are not listed: there are none here to be read. */
export function listPolicies({ roles, policies }: IamParts, input: ListPoliciesRequest): ListPoliciesResponse {
  const { PathPrefix: prefix = "/", OnlyAttached: onlyAttached = false } = input;
  const wanted = input.Scope === "AWS" ? [] : policies.list();
  const listed = wanted.filter(
    (policy) => policy.path.startsWith(prefix) && (!onlyAttached || rolesWith(roles, policy).length > 0),
  );
  const { items, more } = pageOf(listed, ({ arn }) => arn, input);
  return { Policies: items.map((policy) => describePolicy(roles, policy)), ...more };
}
