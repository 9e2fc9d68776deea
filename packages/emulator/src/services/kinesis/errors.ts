import type * as sdk from "@aws-sdk/client-kinesis";
import { errorsOf, validationException } from "../../protocols/errors.ts";
import type { AwsError } from "../../protocols/errors.ts";

const kinesisError = errorsOf<typeof sdk>();

/** The messages are AWS's own, as recorded by kinesalite's and LocalStack's suites, unless marked otherwise. */

export function streamNotFound(name: string, account: string): AwsError {
  return kinesisError("ResourceNotFoundException", `Stream ${name} under account ${account} not found.`);
}

export function streamExists(name: string, account: string): AwsError {
  return kinesisError("ResourceInUseException", `Stream ${name} under account ${account} already exists.`);
}

export function streamNotActive(name: string, account: string, status: string): AwsError {
  return kinesisError(
    "ResourceInUseException",
    `Stream ${name} under account ${account} not ACTIVE, instead in state ${status}`,
  );
}

export function streamHasConsumers(name: string, account: string): AwsError {
  return kinesisError(
    "ResourceInUseException",
    `DeleteStream can't delete ${account}:${name} because there are consumers associated with this data stream. To ` +
      `delete ${name} anyway, set the EnforceConsumerDeletion parameter to true to force the deletion of all the ` +
      "consumers that are associated with it.",
  );
}

/** `consumer` is its ARN, or its name where it was asked for by that. Assumed: the text, which is moto's. */
export function consumerNotFound(consumer: string, account: string): AwsError {
  return kinesisError("ResourceNotFoundException", `Consumer ${consumer}, account ${account} not found.`);
}

/** Assumed: the text. */
export function consumerExists(name: string, stream: string, account: string): AwsError {
  return kinesisError(
    "ResourceInUseException",
    `Consumer ${name} under stream ${stream} and account ${account} already exists.`,
  );
}

interface NamedConsumer {
  readonly name: string;
  readonly createdAt: number;
}

/** AWS: the text is PutResourcePolicy's (aws-cloudformation/cloudformation-coverage-roadmap#2442). */
export function consumerNotActive({ name, createdAt }: NamedConsumer, stream: string, account: string): AwsError {
  return kinesisError(
    "ResourceInUseException",
    `Consumer ${name} with creation timestamp ${createdAt / 1000} under stream ${stream} and account ${account} ` +
      "is not in ACTIVE status.",
  );
}

/** AWS: the text is SubscribeToShard's (kinesis-hot-shard-advisor#37). */
export function consumerNotReady({ name, createdAt }: NamedConsumer, stream: string, account: string): AwsError {
  return kinesisError(
    "ResourceInUseException",
    `Consumer ${name} with creation timestamp ${createdAt / 1000} under stream: ${stream} , account ${account} ` +
      "is not in ACTIVE status.",
  );
}

/** AWS: the text (awslabs/amazon-kinesis-client#391). */
export function anotherSubscription(account: string, stream: string, shardId: string, consumer: string): AwsError {
  return kinesisError(
    "ResourceInUseException",
    `Another active subscription exists for this consumer: ${account}:${stream}:${shardId}:${consumer}`,
  );
}

/** Assumed: the text, which is other emulators'. */
export function policyNotFound(arn: string): AwsError {
  return kinesisError("ResourceNotFoundException", `No resource policy found for resource ARN ${arn}`);
}

export function shardUnreadable(shardId: string, stream: string, account: string): AwsError {
  return kinesisError(
    "ResourceNotFoundException",
    `Could not find shard ${shardId} in stream ${stream} under account ${account}.`,
  );
}

export function shardNotFound(shardId: string, stream: string, account: string): AwsError {
  return kinesisError(
    "ResourceNotFoundException",
    `Shard ${shardId} in stream ${stream} under account ${account} does not exist`,
  );
}

/** AWS: the text (AWS users' reports). */
export function rateExceeded(shardId: string, stream: string, account: string): AwsError {
  return kinesisError(
    "ProvisionedThroughputExceededException",
    `Rate exceeded for shard ${shardId} in stream ${stream} under account ${account}.`,
  );
}

export function invalidArgument(message: string): AwsError {
  return kinesisError("InvalidArgumentException", message);
}

export function limitExceeded(message: string): AwsError {
  return kinesisError("LimitExceededException", message);
}

/** AWS: how often (AWS docs). Assumed: the text. */
export function tooOften(operation: string, times: number, name: string, account: string): AwsError {
  return limitExceeded(
    `${operation} cannot be called more than ${times} times in a rolling 24-hour period for stream ${name} under ` +
      `account ${account}.`,
  );
}

export function expired(code: "ExpiredIteratorException" | "ExpiredNextTokenException", message: string): AwsError {
  return kinesisError(code, message);
}

/** Assumed: the text is that of the exception's documentation. */
export function dryRun(): AwsError {
  return kinesisError(
    "DryRunOperationException",
    "The request was rejected because the DryRun parameter was specified.",
  );
}

const reportedAtMost = 10;

/** `items` are like `Value null at 'streamName' failed to satisfy constraint: Member must not be null`. */
export function validationFailed(items: readonly string[]): AwsError {
  const reported = items.slice(0, reportedAtMost);
  return validationException(
    `${reported.length} validation ${reported.length === 1 ? "error" : "errors"} detected: ${reported.join("; ")}`,
  );
}

export function mustNotBeNull(path: string): string {
  return `Value null at '${path}' failed to satisfy constraint: Member must not be null`;
}

/** A member that the operation cannot do without. */
export function required<Value>(value: Value | undefined, path: string): Value {
  if (value === undefined) throw validationFailed([mustNotBeNull(path)]);
  return value;
}
