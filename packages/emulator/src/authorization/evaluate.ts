import { evaluateCondition } from "./conditions.ts";
import type { ConditionKeys } from "./conditions.ts";
import type { Policy, Principals, Statement } from "./policy.ts";
import { matchesArn, matchesWildcards } from "./wildcards.ts";

/** Who asks. */
export interface Principal {
  /** As messages name it: of a role session that of the session, of a service its name. Empty for somebody who did not sign. */
  readonly arn: string;
  /** The role of a session. */
  readonly roleArn: string | undefined;
  /** Empty for somebody who did not sign. */
  readonly account: string;
}

export interface AccessRequest {
  readonly principal: Principal;
  /** Such as `kinesis:PutRecord`. */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  readonly keys: ConditionKeys;
}

/** The policies that a request is judged by. */
export interface Policies {
  readonly identity: readonly Policy[];
  /** What is attached to the resource. */
  readonly resource: Policy | undefined;
  /** The most that the identity's policies can allow; undefined where there is no such limit. */
  readonly boundary?: Policy | undefined;
  /** The resource's policy must allow it, whatever the identity's say: as the trust policy of a role. */
  readonly needsResource?: boolean;
}

export type PolicyKind = "identity-based policy" | "resource-based policy" | "permissions boundary";

export type Decision =
  | { readonly allowed: true; readonly notes: readonly string[] }
  | {
      readonly allowed: false;
      /** An explicit denial, or that nothing allows it. */
      readonly explicit: boolean;
      readonly by: PolicyKind;
      readonly notes: readonly string[];
    };

/**
 * Judges a request within one account. AWS: what is denied explicitly is denied; otherwise it is allowed where either the
 * identity's or the resource's policies allow it, and a boundary, where there is one, as well (AWS docs, policy evaluation logic).
 * A statement whose conditions cannot be judged counts for nothing, which `notes` tell.
 */
export function evaluate(request: AccessRequest, policies: Policies): Decision {
  const notes = new Set<string>();
  const identity = judge(request, policies.identity, notes);
  const resource = judge(request, policies.resource === undefined ? [] : [policies.resource], notes);
  const boundary = policies.boundary && judge(request, [policies.boundary], notes);
  const denied = (explicit: boolean, by: PolicyKind): Decision => ({ allowed: false, explicit, by, notes: [...notes] });
  if (identity.denies) return denied(true, "identity-based policy");
  if (resource.denies) return denied(true, "resource-based policy");
  if (boundary?.denies === true) return denied(true, "permissions boundary");
  const delegated = resource.delegates && identity.allows;
  const allowed = policies.needsResource === true ? resource.allows || delegated : identity.allows || resource.allows;
  if (!allowed) {
    const byResource = policies.needsResource === true || request.principal.account === "";
    return denied(false, byResource ? "resource-based policy" : "identity-based policy");
  }
  // AWS: what a resource's policy gives to a role is limited by the role's boundary too (AWS docs, permissions boundaries).
  if (boundary?.allows === false) return denied(false, "permissions boundary");
  return { allowed: true, notes: [...notes] };
}

interface Judgement {
  readonly allows: boolean;
  readonly denies: boolean;
  /** It leaves it to the account, so that its identities' own policies decide. */
  readonly delegates: boolean;
}

function judge(request: AccessRequest, policies: readonly Policy[], notes: Set<string>): Judgement {
  let allows = false;
  let denies = false;
  let delegates = false;
  for (const { statements, problems } of policies) {
    for (const problem of problems) notes.add(problem);
    for (const statement of statements) {
      const named = isNamed(statement.principals, request.principal, statement.effect);
      if (named === "no" || !applies(statement, request, notes)) continue;
      if (statement.effect === "Deny") denies = true;
      else if (named === "account") delegates = true;
      else allows = true;
    }
  }
  return { allows, denies, delegates };
}

/** `account`: only the account of whoever asks is named, which leaves it to that account (AWS docs, Principal). */
function isNamed(principals: Principals | undefined, who: Principal, effect: Statement["effect"]) {
  if (principals === undefined) return "yes";
  const { names: named, everybody, not } = principals;
  const names = (arn: string | undefined): boolean => arn !== undefined && arn !== "" && named.includes(arn);
  const itself = everybody || names(who.arn) || names(who.roleArn);
  const account = who.account !== "" && named.some((name) => isAccount(name, who.account));
  if (not) return itself || account ? "no" : "yes";
  if (itself) return "yes";
  if (!account) return "no";
  // The root user is the account. A denial of the account is one of all its identities.
  return effect === "Deny" || who.arn.endsWith(":root") ? "yes" : "account";
}

function isAccount(name: string, account: string): boolean {
  return name === account || (name.startsWith("arn:") && name.endsWith(`:iam::${account}:root`));
}

function applies(statement: Statement, request: AccessRequest, notes: Set<string>): boolean {
  const { actions, resources, conditions } = statement;
  const action = request.action.toLowerCase();
  // AWS: actions have no case (AWS docs).
  const isMeant = actions.patterns.some((pattern) => matchesWildcards(pattern.toLowerCase(), action));
  if (isMeant === actions.not) return false;
  const tell = (unsupported: string): false => {
    const { sid } = statement;
    notes.add(
      `${sid === undefined ? "a statement" : `the statement ${sid}`} counts for nothing: ${unsupported} is not supported`,
    );
    return false;
  };
  if (resources !== undefined) {
    let isThere = false;
    for (const pattern of resources.patterns) {
      const filled = withVariables(pattern, request.keys);
      if (typeof filled !== "string") return tell(filled.unsupported);
      if (matchesResource(filled, request.resource)) isThere = true;
    }
    if (isThere === resources.not) return false;
  }
  for (const condition of conditions) {
    const values: string[] = [];
    for (const value of condition.values) {
      const filled = withVariables(value, request.keys);
      if (typeof filled !== "string") return tell(filled.unsupported);
      values.push(filled);
    }
    const verdict = evaluateCondition({ ...condition, values }, request.keys);
    if ("unsupported" in verdict) return tell(verdict.unsupported);
    if (!verdict.holds) return false;
  }
  return true;
}

/** A call that is about no resource in particular is allowed for all of them alone. */
function matchesResource(pattern: string, resource: string): boolean {
  if (pattern === "*") return true;
  return resource.startsWith("arn:") && matchesArn(pattern, resource);
}

const variablePattern = /\$\{([^}]*)\}/g;

/** A text with its variables filled in, such as `${aws:PrincipalAccount}`. */
function withVariables(text: string, keys: ConditionKeys): string | { readonly unsupported: string } {
  if (!text.includes("${")) return text;
  let unsupported: string | undefined;
  const filled = text.replaceAll(variablePattern, (variable, name: string) => {
    // AWS: these three stand for themselves (AWS docs). Assumed: that as wildcards they do no harm.
    if (name === "*" || name === "?" || name === "$") return name;
    const value = keys.get(name.toLowerCase())?.[0];
    if (value === undefined) unsupported = `the variable ${variable}`;
    return value ?? "";
  });
  return unsupported === undefined ? filled : { unsupported };
}
