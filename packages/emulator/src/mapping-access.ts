import { parseArn } from "./core/arns.ts";
import type { MetFault } from "./faults.ts";
import { awsError } from "./protocols/errors.ts";
import type { AwsError } from "./protocols/errors.ts";
import type { NeededAccess } from "./authorization/needed-access.ts";

/** AWS's error for what a function's role may not do; undefined where it may. */
export type Deny = (needed: readonly NeededAccess[]) => AwsError | undefined;

/** What reading a source needs. AWS: permissions (AWS docs, Lambda with Kinesis, DynamoDB and SQS). */
function neededToRead(arn: string): readonly NeededAccess[] {
  const { service, resource = "" } = parseArn(arn) ?? {};
  const on = (resourceArn: string, ...actions: string[]): NeededAccess[] =>
    actions.map((action) => ({ action: `${service}:${action}`, resource: resourceArn }));
  if (service === "sqs") return on(arn, "ReceiveMessage", "DeleteMessage", "GetQueueAttributes");
  if (service === "dynamodb") return on(arn, "GetRecords", "GetShardIterator", "DescribeStream");
  const consumerAt = resource.indexOf("/consumer/");
  if (consumerAt === -1) return on(arn, "GetRecords", "GetShardIterator", "DescribeStream", "ListShards");
  const stream = arn.slice(0, arn.indexOf("/consumer/"));
  return [...on(arn, "SubscribeToShard"), ...on(stream, "DescribeStream", "ListShards")];
}

/** AWS's error for a mapping whose function may not read its source. */
export function refusedSource(arn: string, deny: Deny | undefined): AwsError | undefined {
  const denied = deny?.(neededToRead(arn));
  if (denied === undefined) return undefined;
  const refused = (message: string): AwsError => awsError("InvalidParameterValueException", message, { Type: "User" });
  if (parseArn(arn)?.service === "sqs") {
    // AWS: the text (AWS users' reports). Assumed: of the permissions that are missing the first.
    const operation = /sqs:(receivemessage|deletemessage|getqueueattributes) on/.exec(denied.message)?.[1];
    const missing = ["DeleteMessage", "GetQueueAttributes"].find((name) => name.toLowerCase() === operation);
    return refused(
      `The provided execution role does not have permissions to call ${missing ?? "ReceiveMessage"} on SQS`,
    );
  }
  // AWS: the text (AWS users' reports, of Kinesis and of DynamoDB).
  return refused(
    `Cannot access stream ${arn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams Actions on your stream in IAM.`,
  );
}

/** What a read of a stream meets whose function may not read it. */
export function readDenial(arn: string, deny: Deny | undefined): () => MetFault | undefined {
  if (deny === undefined) return () => undefined;
  const needed = neededToRead(arn);
  return () => met(deny(needed));
}

/** The same, of a queue. */
export function queueDenial(arn: string, deny: Deny | undefined): (operation: string) => MetFault | undefined {
  if (deny === undefined) return () => undefined;
  const needed = neededToRead(arn);
  return (operation) => met(deny(needed.filter(({ action }) => action === `sqs:${operation}`)));
}

function met(error: AwsError | undefined): MetFault | undefined {
  return error && { latencyMs: 0, error };
}
