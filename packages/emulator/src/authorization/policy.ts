/** A policy document, read: what a document has that no policy may have is left out, and told in `problems`. */
export interface Policy {
  readonly statements: readonly Statement[];
  readonly problems: readonly string[];
}

export interface Statement {
  readonly sid: string | undefined;
  readonly effect: "Allow" | "Deny";
  /** Undefined in the policies of an identity. */
  readonly principals: Principals | undefined;
  readonly actions: Patterns;
  /** Undefined in trust policies, which are about the role that they stand at. */
  readonly resources: Patterns | undefined;
  readonly conditions: readonly Condition[];
}

/** `not`: meant is everything else. */
export interface Patterns {
  readonly not: boolean;
  readonly patterns: readonly string[];
}

export interface Principals {
  readonly not: boolean;
  /** `*` is everybody. */
  readonly everybody: boolean;
  /** ARNs, account ids, and services by their names, which are nobody who calls. */
  readonly names: readonly string[];
}

/** `operator` as it is written, such as `StringEquals` or `ForAnyValue:StringLikeIfExists`. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Reads a document. Never throws: a text that is no policy allows and denies nothing. */
export function parsePolicy(text: string): Policy {
  const document = objectOf(parseJson(text));
  if (document === undefined) return { statements: [], problems: ["a policy is no JSON object"] };
  const given = document["Statement"] ?? [];
  const statements: Statement[] = [];
  const problems: string[] = [];
  for (const item of Array.isArray(given) ? given : [given]) {
    const statement = statementOf(objectOf(item) ?? {});
    if (typeof statement === "string") problems.push(statement);
    else statements.push(statement);
  }
  return { statements, problems };
}

function statementOf(given: Readonly<Record<string, unknown>>): Statement | string {
  const sid = typeof given["Sid"] === "string" ? given["Sid"] : undefined;
  const where = sid === undefined ? "a statement" : `the statement ${sid}`;
  const { Effect: effect } = given;
  if (effect !== "Allow" && effect !== "Deny") return `${where} has no Effect`;
  const actions = patternsOf(given["Action"], given["NotAction"]);
  if (actions === undefined) return `${where} has no Action`;
  const conditions: Condition[] = [];
  for (const [operator, keys] of Object.entries(objectOf(given["Condition"]) ?? {})) {
    for (const [key, values] of Object.entries(objectOf(keys) ?? {}))
      conditions.push({ operator, key, values: textsOf(values) });
  }
  return {
    sid,
    effect,
    principals: principalsOf(given["Principal"], given["NotPrincipal"]),
    actions,
    resources: patternsOf(given["Resource"], given["NotResource"]),
    conditions,
  };
}

function patternsOf(given: unknown, not: unknown): Patterns | undefined {
  if (given !== undefined) return { not: false, patterns: textsOf(given) };
  return not === undefined ? undefined : { not: true, patterns: textsOf(not) };
}

function principalsOf(given: unknown, not: unknown): Principals | undefined {
  const value = given ?? not;
  if (value === undefined) return undefined;
  const byKind = objectOf(value);
  const aws = byKind === undefined ? textsOf(value) : textsOf(byKind["AWS"] ?? []);
  const names = [...aws, ...textsOf(byKind?.["Service"] ?? [])];
  return { not: given === undefined, everybody: aws.includes("*"), names };
}

/** Numbers and truth values may stand in the place of texts. */
function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the caller as a problem of the policy.
    return undefined;
  }
}
