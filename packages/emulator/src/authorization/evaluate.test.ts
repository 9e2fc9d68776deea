import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "./evaluate.ts";
import type { AccessRequest, Decision, Policies } from "./evaluate.ts";
import { managedPolicy } from "./managed-policies.ts";
import { parsePolicy } from "./policy.ts";
import type { Policy } from "./policy.ts";

const account = "000000000000";
const roleArn = `arn:aws:iam::${account}:role/r`;
const arn = `arn:aws:sts::${account}:assumed-role/r/s`;
const stream = `arn:aws:kinesis:us-east-1:${account}:stream/orders`;
const keys = new Map<string, readonly string[]>([
  ["aws:principalaccount", [account]],
  ["aws:requestedregion", ["us-east-1"]],
  ["aws:sourcearn", []],
]);
const request: AccessRequest = {
  principal: { arn, roleArn, account },
  action: "kinesis:PutRecord",
  resource: stream,
  keys,
};

const policy = (...Statement: readonly object[]): Policy => parsePolicy(JSON.stringify({ Statement }));
const allow = { Effect: "Allow", Action: "kinesis:PutRecord", Resource: stream };
const deny = { ...allow, Effect: "Deny" };
const toRole = { Principal: { AWS: roleArn } };

/** `allow`, or who does not: `+` for an explicit denial. */
function told(decision: Decision): string {
  if (decision.allowed) return "allow";
  return `${decision.explicit ? "+" : ""}${decision.by.split(/[- ]/)[0] ?? ""}`;
}

function judged(policies: Partial<Policies>, change: Partial<AccessRequest> = {}): string {
  return told(evaluate({ ...request, ...change }, { identity: [], resource: undefined, ...policies }));
}

describe("statements of an identity", () => {
  test.each<[object, string]>([
    [allow, "allow"],
    [{ ...allow, Action: "Kinesis:putrecord" }, "allow"],
    [{ ...allow, Action: "kinesis:Put*" }, "allow"],
    [{ ...allow, Action: ["s3:*", "*"] }, "allow"],
    [{ ...allow, Action: "kinesis:PutRecord?" }, "identity"],
    [{ Effect: "Allow", NotAction: "kinesis:Get*", Resource: "*" }, "allow"],
    [{ Effect: "Allow", NotAction: "kinesis:*", Resource: "*" }, "identity"],
    [{ ...allow, Resource: "*" }, "allow"],
    [{ ...allow, Resource: "arn:aws:kinesis:*:*:stream/o*" }, "allow"],
    [{ ...allow, Resource: "arn:aws:kinesis:*" }, "allow"],
    [{ ...allow, Resource: "arn:aws:kinesis:us-east-1:*/orders" }, "allow"],
    [{ ...allow, Resource: "arn:aws:kinesis:eu-*:*:stream/orders" }, "identity"],
    // No star goes past a colon before the last part.
    [{ ...allow, Resource: `arn:aws:*:${account}:stream/orders:x:y` }, "identity"],
    [{ Effect: "Allow", Action: "*", NotResource: stream }, "identity"],
    [{ Effect: "Allow", Action: "*", NotResource: `${stream}2` }, "allow"],
    [{ ...allow, Resource: `arn:aws:kinesis:us-east-1:\${aws:PrincipalAccount}:stream/orders` }, "allow"],
    [{ ...allow, Resource: `arn:aws:kinesis:us-east-1:\${aws:username}:stream/orders` }, "identity"],
    [{ ...allow, Condition: { StringEquals: { "aws:RequestedRegion": ["a", "us-east-1"] } } }, "allow"],
    [{ ...allow, Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } } }, "identity"],
    [{ ...allow, Condition: { StringLike: { "aws:nobody": "*" } } }, "identity"],
    [{ ...allow, Condition: { Like: { "aws:RequestedRegion": "*" } } }, "identity"],
    [{ Action: "*", Resource: "*" }, "identity"],
    [{ Effect: "Allow", Resource: "*" }, "identity"],
    [deny, "+identity"],
  ])("%j: %s", (statement, expected) => {
    expect(judged({ identity: [policy(statement)] })).toBe(expected);
  });
});

describe("policies together", () => {
  const owner = { Principal: { AWS: account } };
  test.each<[string, Partial<Policies>, string]>([
    ["none", {}, "identity"],
    ["a denial is stronger", { identity: [policy(allow), policy(deny)] }, "+identity"],
    ["the resource's alone", { resource: policy({ ...allow, ...toRole }) }, "allow"],
    ["the resource's, of the session", { resource: policy({ ...allow, Principal: { AWS: [arn] } }) }, "allow"],
    ["the resource's, of all", { resource: policy({ ...allow, Principal: "*" }) }, "allow"],
    ["the resource's, of a service", { resource: policy({ ...allow, Principal: { Service: "x" } }) }, "identity"],
    ["the resource's, of all but it", { resource: policy({ ...allow, NotPrincipal: { AWS: roleArn } }) }, "identity"],
    ["the resource leaves it to the account", { resource: policy({ ...allow, ...owner }) }, "identity"],
    ["the account is denied", { identity: [policy(allow)], resource: policy({ ...deny, ...owner }) }, "+resource"],
    ["the resource denies", { identity: [policy(allow)], resource: policy({ ...deny, ...toRole }) }, "+resource"],
    ["within the boundary", { identity: [policy(allow)], boundary: policy(allow) }, "allow"],
    ["outside of the boundary", { identity: [policy(allow)], boundary: policy() }, "permissions"],
    ["the boundary denies", { identity: [policy(allow)], boundary: policy(allow, deny) }, "+permissions"],
    ["the resource must", { identity: [policy(allow)], needsResource: true }, "resource"],
    [
      "the resource must, and leaves it to the account",
      { identity: [policy(allow)], resource: policy({ ...allow, ...owner }), needsResource: true },
      "allow",
    ],
  ])("%s", (_, policies, expected) => {
    expect(judged(policies)).toBe(expected);
  });

  test("what is about no resource in particular needs all", () => {
    const listing = { action: "kinesis:ListStreams", resource: "*" };
    expect(judged({ identity: [policy({ ...allow, Action: "*" })] }, listing)).toBe("identity");
    expect(judged({ identity: [policy({ ...allow, Action: "*", Resource: "*" })] }, listing)).toBe("allow");
  });

  test("somebody who did not sign is everybody, and nobody else", () => {
    const principal = { arn: "", roleArn: undefined, account: "" };
    expect(judged({ resource: policy({ ...allow, Principal: "*" }) }, { principal })).toBe("allow");
    expect(judged({ resource: policy({ ...allow, ...toRole }) }, { principal })).toBe("resource");
  });

  test("tell what counted for nothing", () => {
    const broken = [parsePolicy("no JSON"), policy({ ...allow, Sid: "A", Condition: { Bool: { "x:y": "true" } } })];
    expect(evaluate(request, { identity: broken, resource: undefined }).notes).toEqual([
      "a policy is no JSON object",
      "the statement A counts for nothing: the condition key x:y is not supported",
    ]);
  });
});

test("AWS's policies are known by their ARNs", () => {
  const arnOf = (name: string): string => `arn:aws:iam::aws:policy/service-role/${name}`;
  const known = managedPolicy(arnOf("AWSLambdaKinesisExecutionRole"));
  expect(known).toBeDefined();
  expect(judged({ identity: known === undefined ? [] : [known] })).toBe("identity");
  expect(judged({ identity: known === undefined ? [] : [known] }, { action: "kinesis:GetRecords" })).toBe("allow");
  expect(managedPolicy(arnOf("Unknown"))).toBeUndefined();
});

describe("whatever the policies", () => {
  const statement = fc.record(
    {
      Effect: fc.constantFrom("Allow", "Deny"),
      Action: fc.constantFrom("*", "kinesis:*", "kinesis:PutRecord", "kinesis:Get*"),
      Resource: fc.constantFrom("*", stream, `${stream}2`, "arn:aws:kinesis:*"),
      Principal: fc.constantFrom("*", { AWS: roleArn }, { AWS: account }, { AWS: `${roleArn}2` }),
    },
    { requiredKeys: ["Effect", "Action", "Resource", "Principal"] },
  );
  const statements = fc.array(statement, { maxLength: 5 });
  const asIdentity = (given: readonly Readonly<Record<string, unknown>>[]): Policy[] => [
    policy(...given.map((one) => ({ ...one, Principal: undefined }))),
  ];

  test("their order means nothing, and one more denial allows nothing more", () => {
    fc.assert(
      fc.property(statements, statements, statement, (own, others, extra) => {
        const identity = asIdentity(own);
        const before = judged({ identity, resource: policy(...others) });
        expect(judged({ identity: asIdentity(own.toReversed()), resource: policy(...others.toReversed()) })).toBe(
          before,
        );
        const after = judged({ identity, resource: policy(...others, { ...extra, Effect: "Deny" }) });
        expect(before !== "allow" && after === "allow").toBe(false);
        const nothingAllows = [...own, ...others].every(({ Effect }) => Effect === "Deny");
        expect(nothingAllows && before === "allow").toBe(false);
      }),
    );
  });

  test("denying everything denies, allowing everything allows but for denials", () => {
    fc.assert(
      fc.property(statements, (own) => {
        const all = { Action: "*", Resource: "*", Principal: "*" };
        expect(judged({ identity: asIdentity([...own, { ...all, Effect: "Deny" }]) })).toBe("+identity");
        const granted = judged({ identity: asIdentity([...own, { ...all, Effect: "Allow" }]) });
        const before = judged({ identity: asIdentity(own) });
        expect(granted).toBe(before.startsWith("+") ? before : "allow");
      }),
    );
  });
});
