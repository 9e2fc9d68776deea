import { parseArn } from "../core/arns.ts";
import { targetPrefixes } from "../protocols/target-prefixes.ts";
import type { HttpRequest } from "../protocols/http-messages.ts";
import type { ServiceName } from "../protocols/service-models.ts";

/** Served by the messaging library, which speaks their protocols itself. */
export type MessagingService = "sqs" | "sns" | "s3";
export type EmulatedService = ServiceName | MessagingService;

const bySigningName: { readonly [signingName: string]: EmulatedService } = {
  iam: "iam",
  kinesis: "kinesis",
  lambda: "lambda",
  logs: "logs",
  // DynamoDB Streams signs with this name as well; its requests are known by their target.
  dynamodb: "dynamodb",
  sts: "sts",
  sqs: "sqs",
  sns: "sns",
  s3: "s3",
};

/** By the names of their endpoints. */
export const emulatedServices: readonly string[] = Object.keys(bySigningName);

const byTargetPrefix: { readonly [prefix: string]: EmulatedService } = {
  [targetPrefixes.kinesis]: "kinesis",
  [targetPrefixes.logs]: "logs",
  [targetPrefixes.dynamodb]: "dynamodb",
  [targetPrefixes.dynamodbstreams]: "dynamodbstreams",
  AmazonSQS: "sqs",
};

/** RPC v2 has the operation in the path. */
const kinesisPath = `/service/${targetPrefixes.kinesis}/operation/`;

/** Paths of Lambda's REST API begin with the date of a version. */
const lambdaPath =
  /^\/20\d\d-\d\d-\d\d\/(functions|event-source-mappings|layers|account-settings|tags|code-signing-configs)/;

export interface FoundService {
  readonly service: EmulatedService;
  /** It was found by a link that whoever has it may follow, without a signature; `region` is the one that its ARN names. */
  readonly link?: { readonly region: string | undefined };
}

/**
 * The service that a request is for, or the name of one that LocalEmu does not emulate. `X-Amz-Target` comes first: it is
 * unambiguous and there without a signature; then the signature's scope; an unsigned request goes by what it looks like.
 */
export function serviceOf(
  { method, path, query, headers }: Omit<HttpRequest, "body">,
  signingName: string | undefined,
): FoundService | { readonly unknown: string } {
  const target = headers["x-amz-target"];
  if (target !== undefined) {
    const prefix = target.slice(0, target.indexOf("."));
    const service = byTargetPrefix[prefix] ?? (signingName === undefined ? undefined : bySigningName[signingName]);
    return service === undefined ? { unknown: signingName ?? prefix } : { service };
  }
  if (signingName !== undefined) {
    const service = bySigningName[signingName];
    return service === undefined ? { unknown: signingName } : { service };
  }
  // AWS: of the services that take forms, STS alone has operations without a signature, such as AssumeRoleWithWebIdentity.
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
  if (isForm && method === "POST" && path === "/") return { service: "sts" };
  const link = method === "GET" && path === "/" ? linkOfNotification(query) : undefined;
  if (link !== undefined) return { service: "sns", link };
  if (path.includes(kinesisPath)) return { service: "kinesis" };
  return { service: lambdaPath.test(path) ? "lambda" : "s3" };
}

/** AWS: links in notifications are followed without a signature (AWS docs). */
function linkOfNotification(query: string): FoundService["link"] {
  if (!/(?:^|&)Action=(?:Unsubscribe|ConfirmSubscription)(?:&|$)/.test(query)) return undefined;
  const form = new URLSearchParams(query);
  return { region: parseArn(form.get("SubscriptionArn") ?? form.get("TopicArn") ?? "")?.region };
}
