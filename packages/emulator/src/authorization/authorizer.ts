import type { TimelineEvent } from "@localemu/control";
import { accountId } from "../core/arns.ts";
import type { AwsError } from "../protocols/errors.ts";
import type { ConditionKeys } from "./conditions.ts";
import { denialError, denialText } from "./denial.ts";
import type { CheckedService } from "./denial.ts";
import { evaluate } from "./evaluate.ts";
import type { Decision, Principal } from "./evaluate.ts";
import { managedPolicy } from "./managed-policies.ts";
import type { NeededAccess } from "./needed-access.ts";
import { parsePolicy } from "./policy.ts";
import type { RoleCaller } from "./role-caller.ts";
import type { Policy } from "./policy.ts";

/** A role as it is judged; undefined where there is none of that ARN. */
export interface RolePolicies {
  readonly inline: readonly string[];
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
  readonly boundary: string | undefined;
  readonly trust: string;
}

export interface AuthorizerPorts {
  /** Whether what is denied is refused; otherwise it is told alone. */
  readonly enforces: boolean;
  /** Who uses an access key; `account` may do everything, and undefined is nobody who is known. */
  caller(accessKeyId: string): RoleCaller | "account" | undefined;
  role(arn: string): RolePolicies | undefined;
  /** The document of a customer's managed policy. */
  managedPolicy(arn: string): string | undefined;
  /** The document that is attached to a stream, a function, a queue, a topic or a bucket. */
  resourcePolicy(arn: string): string | undefined;
  /** World time, milliseconds. */
  now(): number;
  record(event: TimelineEvent): void;
}

/** Where a call comes from. */
export interface CallOrigin {
  readonly region: string;
  /** Undefined for what Lambda does itself, and for requests to function URLs: on AWS both are over TLS always. */
  readonly origin?: string | undefined;
  /** Further condition keys, in lower case. */
  readonly keys?: Readonly<Record<string, string>>;
}

/** Documents that are kept read: most worlds have few. */
const mostKept = 1000;

/** Decides what the callers of a world may do. Synchronous: what is not loaded has no policies. */
export class Authorizer {
  readonly #ports: AuthorizerPorts;
  readonly #read = new Map<string, Policy>();
  /** What was told already of what is told once. */
  readonly #told = new Set<string>();

  constructor(ports: AuthorizerPorts) {
    this.#ports = ports;
  }

  /** AWS's error for a call of whoever has the key; undefined where it goes on, told or not. */
  refusal(
    service: CheckedService,
    needed: readonly NeededAccess[],
    accessKeyId: string,
    from: CallOrigin,
  ): AwsError | undefined {
    const caller = this.#ports.caller(accessKeyId);
    return caller === "account" ? undefined : this.refusalOf(service, needed, caller, from);
  }

  /** The same, for any other caller. `once`: one who asks again and again is told of once. */
  refusalOf(
    service: CheckedService,
    needed: readonly NeededAccess[],
    caller: RoleCaller | undefined,
    from: CallOrigin,
    once = false,
  ): AwsError | undefined {
    const name = caller?.arn ?? nobody;
    for (const access of needed) {
      const decision = this.#judge(access, caller, from);
      this.#tell(service, access, name, decision, once);
      if (!decision.allowed && this.#ports.enforces) return denialError(service, name, access, decision);
    }
    return undefined;
  }

  /** Whether a call goes on, told or not. `caller`: undefined for somebody who did not sign, or whom nobody knows. */
  allows(service: CheckedService, access: NeededAccess, caller: RoleCaller | undefined, from: CallOrigin): boolean {
    const decision = this.#judge(access, caller, from);
    this.#tell(service, access, caller?.arn ?? nobody, decision);
    return decision.allowed || !this.#ports.enforces;
  }

  /** Whether a service, such as `lambda.amazonaws.com`, takes a role on for a function: told or not. */
  mayAssume(service: string, role: string, functionArn: string, from: CallOrigin): boolean {
    const access = { action: "sts:AssumeRole", resource: role };
    const trust = this.#ports.role(role)?.trust;
    const principal = { arn: service, roleArn: undefined, account: "" };
    // AWS: what a trust policy can ask of Lambda (AWS docs, execution role).
    const keys = { "aws:sourcearn": functionArn, "aws:sourceaccount": accountId };
    const known = this.#keys(undefined, principal, { ...from, keys });
    const resource = trust === undefined ? undefined : this.#policy(trust);
    const decision = evaluate(
      { ...access, principal, keys: new Map([...known, ["aws:principalisawsservice", ["true"]]]) },
      { identity: [], resource, needsResource: true },
    );
    const notes = trust === undefined ? [`there is no role ${role}`] : decision.notes;
    this.#tell("sts", access, service, { ...decision, notes });
    return decision.allowed || !this.#ports.enforces;
  }

  #judge(access: NeededAccess, caller: RoleCaller | undefined, from: CallOrigin): Decision {
    const principal: Principal =
      caller === undefined
        ? { arn: "", roleArn: undefined, account: "" }
        : { arn: caller.arn, roleArn: caller.roleArn, account: accountId };
    const role = caller && this.#ports.role(caller.roleArn);
    const isTrust = access.action === "sts:AssumeRole";
    const document = isTrust ? this.#ports.role(access.resource)?.trust : this.#ports.resourcePolicy(access.resource);
    const request = { ...access, principal, keys: this.#keys(caller, principal, from) };
    const notes: string[] = [];
    if (caller !== undefined && role === undefined) notes.push(`there is no role ${caller.roleArn}`);
    const decision = evaluate(request, {
      identity: role === undefined ? [] : this.#policiesOf(role, notes),
      resource: document === undefined ? undefined : this.#policy(document),
      needsResource: isTrust,
      ...(role?.boundary === undefined ? {} : { boundary: this.#managed(role.boundary, notes) ?? nothing }),
    });
    return notes.length === 0 ? decision : { ...decision, notes: [...notes, ...decision.notes] };
  }

  #tell(service: CheckedService, access: NeededAccess, caller: string, decision: Decision, once = false): void {
    const { allowed, notes } = decision;
    if (allowed && notes.length === 0) return;
    const { action, resource } = access;
    if ((once || allowed) && !this.#isNews(JSON.stringify([caller, action, resource, allowed, notes]))) return;
    const event = { type: "access.judged", caller, action, resource } as const;
    if (!allowed) {
      const outcome = this.#ports.enforces ? "denied" : "wouldBeDenied";
      const message = denialText(service, caller, access, decision);
      return this.#ports.record({ ...event, outcome, message, ...(notes.length === 0 ? {} : { notes }) });
    }
    this.#ports.record({ ...event, outcome: "allowed", notes });
  }

  #isNews(what: string): boolean {
    if (this.#told.has(what)) return false;
    if (this.#told.size === mostKept) this.#told.clear();
    this.#told.add(what);
    return true;
  }

  #policiesOf({ inline, attached }: RolePolicies, notes: string[]): Policy[] {
    const policies = inline.map((document) => this.#policy(document));
    for (const arn of attached) {
      const policy = this.#managed(arn, notes);
      if (policy !== undefined) policies.push(policy);
    }
    return policies;
  }

  #managed(arn: string, notes: string[]): Policy | undefined {
    const document = this.#ports.managedPolicy(arn);
    const policy = document === undefined ? managedPolicy(arn) : this.#policy(document);
    if (policy === undefined) notes.push(`the policy ${arn} is not known here`);
    return policy;
  }

  #policy(document: string): Policy {
    const read = this.#read.get(document);
    if (read !== undefined) return read;
    const policy = parsePolicy(document);
    if (this.#read.size === mostKept) this.#read.clear();
    this.#read.set(document, policy);
    return policy;
  }

  #keys(
    caller: RoleCaller | undefined,
    { account }: Principal,
    { region, origin, keys = {} }: CallOrigin,
  ): ConditionKeys {
    const now = this.#ports.now();
    const one = (value: string | undefined): string[] => (value === undefined || value === "" ? [] : [value]);
    // A function calls at the endpoint that it was given, which has no TLS here.
    const isSecure = caller?.functionArn !== undefined || origin?.startsWith("https:") !== false;
    return new Map<string, readonly string[]>([
      ...absent,
      ["aws:principalarn", one(caller?.roleArn)],
      ["aws:principalaccount", one(account)],
      ["aws:principaltype", [caller === undefined ? "Anonymous" : "AssumedRole"]],
      ["aws:principalisawsservice", ["false"]],
      ["aws:viaawsservice", ["false"]],
      ["aws:requestedregion", [region]],
      ["aws:currenttime", [new Date(now).toISOString()]],
      ["aws:epochtime", [String(Math.floor(now / 1000))]],
      ["aws:securetransport", [String(isSecure)]],
      ["lambda:sourcefunctionarn", one(caller?.functionArn)],
      ...Object.entries(keys).map(([key, value]): [string, string[]] => [key, [value]]),
    ]);
  }
}

/** AWS knows these keys, and calls of clients and of mappings do not have them (AWS docs, global condition keys). */
const absent: readonly (readonly [string, readonly string[]])[] = [
  "aws:sourcearn",
  "aws:sourceaccount",
  "aws:sourceorgid",
  "aws:principalservicename",
  "aws:principalorgid",
  "aws:calledvia",
  "aws:username",
  "aws:multifactorauthpresent",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "lambda:functionarn",
  "lambda:functionurlauthtype",
  "lambda:invokedviafunctionurl",
  "lambda:eventsourcetoken",
  "lambda:principal",
].map((key) => [key, []] as const);

/** How somebody is named who did not sign, or whom nobody knows. */
const nobody = "anonymous";

const nothing: Policy = { statements: [], problems: [] };
