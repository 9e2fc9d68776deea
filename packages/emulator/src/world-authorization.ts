import { Authorizer } from "./authorization/authorizer.ts";
import { functionCaller } from "./authorization/role-caller.ts";
import type { CheckedService } from "./authorization/denial.ts";
import { neededAccess } from "./authorization/needed-access.ts";
import type { NeededAccess } from "./authorization/needed-access.ts";
import { parseArn, regionOf } from "./core/arns.ts";
import type { AwsError } from "./protocols/errors.ts";
import type { CallContext } from "./protocols/operations.ts";
import type { ServiceName } from "./protocols/service-models.ts";
import type { ServicePorts, WorldServices } from "./world-services.ts";

/** What a world's roles and resources allow; only where it is switched on. */
export interface WorldAuthorization {
  /** AWS's error for a client's call; undefined where it goes on. */
  refusalOfCall(
    service: ServiceName,
    operation: string,
    input: Readonly<Record<string, unknown>>,
    call: CallContext,
  ): AwsError | undefined;
  /** The same, where what the call needs is known. */
  refusal(
    service: CheckedService,
    needed: readonly NeededAccess[],
    call: Pick<CallContext, "region" | "origin"> & { readonly accessKeyId: string },
  ): AwsError | undefined;
  /** AWS's error for what Lambda does under a function's role; undefined where it goes on. */
  underRole(worker: FunctionWorker): (needed: readonly NeededAccess[]) => AwsError | undefined;
  /** Whether Lambda may take on the role that a function is to have. */
  trustsLambda(role: string, functionArn: string): boolean;
  /** Whether a request may go through a function's URL; `accessKeyId` is undefined where nobody signed. */
  mayCallUrl(url: CalledUrl, accessKeyId: string | undefined): boolean;
}

/** Who reads and reports for a function. */
export interface FunctionWorker {
  readonly functionName: string;
  /** Of the function without a qualifier. */
  readonly functionArn: string;
  /** The role that the function has now. */
  readonly role: () => string;
}

export interface CalledUrl {
  /** With the alias, where the URL is one's. */
  readonly functionArn: string;
  readonly authType: string;
}

export function createWorldAuthorization(ports: ServicePorts, services: WorldServices): WorldAuthorization {
  const enforces = ports.settings.enforceIam === "1";
  const authorizer = new Authorizer({
    enforces,
    caller: (accessKeyId) => services.caller(accessKeyId),
    role: (arn) => services.loadedIam?.roleOf(arn),
    managedPolicy: (arn) => services.loadedIam?.managedPolicy(arn),
    resourcePolicy: (arn) => resourcePolicy(services, arn),
    now: () => ports.clock.now(),
    record: (event) => ports.record(event),
  });
  const refusal: WorldAuthorization["refusal"] = (service, needed, call) =>
    authorizer.refusal(service, needed, call.accessKeyId, call);
  return {
    refusal,
    refusalOfCall(service, operation, input, call) {
      if (service === "iam" || service === "logs") return undefined;
      const streamOfIterator = (iterator: string) => services.loadedKinesis?.streamOfIterator(iterator);
      return refusal(service, neededAccess(service, { operation, input, region: call.region, streamOfIterator }), call);
    },
    underRole({ functionName, functionArn, role }) {
      const from = { region: regionOf(functionArn) };
      return (needed) => {
        const caller = functionCaller(role(), functionName, functionArn);
        return authorizer.refusalOf(serviceOf(needed[0]?.action ?? ""), needed, caller, from, true);
      };
    },
    trustsLambda(role, functionArn) {
      const region = regionOf(functionArn);
      return authorizer.mayAssume("lambda.amazonaws.com", role, functionArn, { region });
    },
    mayCallUrl({ functionArn, authType }, accessKeyId) {
      const region = regionOf(functionArn);
      const access = { action: "lambda:InvokeFunctionUrl", resource: functionArn };
      const keys = { "lambda:functionurlauthtype": authType };
      if (authType !== "NONE" && accessKeyId === undefined) {
        const outcome = enforces ? "denied" : "wouldBeDenied";
        const message = "requests to a URL of type AWS_IAM must be signed";
        ports.record({ type: "access.judged", outcome, caller: "anonymous", ...access, message });
        return !enforces;
      }
      // AWS: a URL of type NONE is called by nobody in particular, whoever signs (AWS docs).
      const key = authType === "NONE" ? undefined : accessKeyId;
      const caller = key === undefined ? undefined : services.caller(key);
      if (caller === "account") return true;
      return authorizer.allows("lambda", access, caller, { region, keys });
    },
  };
}

function serviceOf(action: string): CheckedService {
  const name = action.slice(0, action.indexOf(":"));
  return checked.find((service) => service === name) ?? "lambda";
}

const checked = ["kinesis", "dynamodb", "sqs", "sns", "s3"] as const;

function resourcePolicy(services: WorldServices, arn: string): string | undefined {
  switch (parseArn(arn)?.service) {
    case "kinesis":
      return services.loadedKinesis?.policyOf(arn);
    case "lambda":
      return services.loadedLambda?.policyOf(arn);
    case "sqs":
    case "sns":
      return services.loadedMessaging?.policyOf(arn);
    default:
      return undefined;
  }
}
