/** The one account that a world has. */
export const accountId = "000000000000";

export interface ParsedArn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

const arnPattern = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/s;

/** The parts of an ARN, or undefined where `text` is none. */
export function parseArn(text: string): ParsedArn | undefined {
  const match = arnPattern.exec(text);
  if (match === null) return undefined;
  const [, partition = "", service = "", region = "", account = "", resource = ""] = match;
  return { partition, service, region, account, resource };
}

/** The region of an ARN; empty where it has none, or `text` is none. */
export function regionOf(text: string): string {
  return parseArn(text)?.region ?? "";
}

/** Whether a value is a region's name by its form. */
export function isRegion(value: unknown): value is string {
  return typeof value === "string" && /^[a-z]{2}(-[a-z]+)+-\d$/.test(value);
}

/** The partition that a region belongs to: `aws`, `aws-cn` or `aws-us-gov`. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return "aws";
}

export function streamArn(region: string, name: string): string {
  return `arn:${partitionOf(region)}:kinesis:${region}:${accountId}:stream/${name}`;
}

export function functionArn(region: string, name: string): string {
  return `arn:${partitionOf(region)}:lambda:${region}:${accountId}:function:${name}`;
}

export function eventSourceMappingArn(region: string, uuid: string): string {
  return `arn:${partitionOf(region)}:lambda:${region}:${accountId}:event-source-mapping:${uuid}`;
}
