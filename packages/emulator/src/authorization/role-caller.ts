import { parseArn } from "../core/arns.ts";

/** Somebody who acts under a role: a session, a function, a mapping. */
export interface RoleCaller {
  readonly roleArn: string;
  /** Of the session, as messages name it. */
  readonly arn: string;
  /** The function whose code, or whose mapping, it is. */
  readonly functionArn?: string | undefined;
}

/** Who a function's code is, and what Lambda does for it. AWS: the session has the function's name (AWS docs). */
export function functionCaller(role: string, name: string, functionArn: string): RoleCaller {
  return { roleArn: role, arn: assumedRoleArn(role, name), functionArn };
}

function assumedRoleArn(role: string, session: string): string {
  const { partition = "aws", account = "" } = parseArn(role) ?? {};
  return `arn:${partition}:sts::${account}:assumed-role/${role.slice(role.lastIndexOf("/") + 1)}/${session}`;
}
