import { accountId, eventSourceMappingArn, functionArn, partitionOf, streamArn } from "../core/arns.ts";
import type { ServiceName } from "../protocols/service-models.ts";

/** What a call must be allowed. */
export interface NeededAccess {
  /** Such as `kinesis:PutRecord`. */
  readonly action: string;
  /** An ARN, or `*` for what is about no resource in particular. */
  readonly resource: string;
}

type Input = Readonly<Record<string, unknown>>;

interface Call {
  readonly operation: string;
  readonly input: Input;
  readonly region: string;
  /** The ARN of the stream that an iterator of Kinesis is one of. */
  readonly streamOfIterator: (iterator: string) => string | undefined;
}

/**
 * What a call needs; nothing for one that is not checked. AWS: actions and resources (AWS docs, service authorization
 * reference).
 */
export function neededAccess(service: ServiceName, call: Call): readonly NeededAccess[] {
  switch (service) {
    case "kinesis":
      return kinesis(call);
    case "lambda":
      return [{ action: `lambda:${lambdaAction(call.operation)}`, resource: lambdaResource(call) }];
    case "dynamodb":
      return dynamoDb(call);
    case "dynamodbstreams":
      return [{ action: `dynamodb:${call.operation}`, resource: tableStream(call.input) }];
    case "sts":
      // AWS: GetCallerIdentity needs no permission (AWS docs).
      return call.operation === "AssumeRole"
        ? [{ action: "sts:AssumeRole", resource: text(call.input, "RoleArn") ?? "*" }]
        : [];
    case "iam":
    case "logs":
      return [];
  }
}

function kinesis({ operation, input, region, streamOfIterator }: Call): readonly NeededAccess[] {
  const name = text(input, "StreamName");
  const iterator = text(input, "ShardIterator");
  const arn =
    text(input, "ConsumerARN") ??
    text(input, "StreamARN") ??
    text(input, "ResourceARN") ??
    (iterator === undefined ? undefined : streamOfIterator(iterator)) ??
    (name === undefined ? undefined : streamArn(region, name));
  // Assumed: a further page is as good as the first. An iterator that is none is told by the operation.
  if (arn === undefined && (iterator !== undefined || text(input, "NextToken") !== undefined)) return [];
  return [{ action: `kinesis:${operation}`, resource: arn ?? "*" }];
}

/** AWS: one action allows all ways to invoke a function (AWS docs). */
function lambdaAction(operation: string): string {
  return ["Invoke", "InvokeAsync", "InvokeWithResponseStream"].includes(operation) ? "InvokeFunction" : operation;
}

/** A name, a partial ARN or an ARN, each with or without a qualifier. */
const functionPattern = /^(?:.*function:|\d{12}:)?([^:]+)(?::(.+))?$/;

function lambdaResource({ input, region, operation }: Call): string {
  const uuid = text(input, "UUID");
  if (uuid !== undefined) return eventSourceMappingArn(region, uuid);
  const named = text(input, "FunctionName");
  // AWS: creating a mapping is about no resource; which function is a condition (AWS docs).
  if (named === undefined || operation.endsWith("EventSourceMappings") || operation === "CreateEventSourceMapping")
    return text(input, "Resource") ?? "*";
  const [, name = named, ownQualifier] = functionPattern.exec(named) ?? [];
  const qualifier = text(input, "Qualifier") ?? ownQualifier;
  const arn = functionArn(region, name);
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}

/** AWS: a transaction needs what each of its parts needs (AWS docs). */
const actionsOfParts: ReadonlyMap<string, string> = new Map([
  ["Get", "GetItem"],
  ["Put", "PutItem"],
  ["Update", "UpdateItem"],
  ["Delete", "DeleteItem"],
  ["ConditionCheck", "ConditionCheckItem"],
]);

function dynamoDb({ operation, input, region }: Call): readonly NeededAccess[] {
  const tableArn = (table: string): string =>
    table.startsWith("arn:") ? table : `arn:${partitionOf(region)}:dynamodb:${region}:${accountId}:table/${table}`;
  const action = `dynamodb:${operation}`;
  const { TransactItems: parts } = input;
  if (Array.isArray(parts)) {
    return parts.flatMap((part) =>
      Object.entries(membersOf(part)).map(([kind, of]) => ({
        action: `dynamodb:${actionsOfParts.get(kind) ?? operation}`,
        resource: tableArn(text(membersOf(of), "TableName") ?? ""),
      })),
    );
  }
  const tables = Object.keys(membersOf(input["RequestItems"]));
  if (tables.length > 0) return tables.map((table) => ({ action, resource: tableArn(table) }));
  const table = text(input, "TableName");
  if (table === undefined) return [{ action, resource: text(input, "ResourceArn") ?? "*" }];
  const index = text(input, "IndexName");
  return [{ action, resource: index === undefined ? tableArn(table) : `${tableArn(table)}/index/${index}` }];
}

/** An iterator begins with its stream's ARN. */
function tableStream(input: Input): string {
  return text(input, "StreamArn") ?? text(input, "ShardIterator")?.split("|")[0] ?? "*";
}

function text(input: Input, name: string): string | undefined {
  const value = input[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function membersOf(value: unknown): Input {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
