import { accountId } from "../../core/arns.ts";
import { invalidParameter } from "./lambda-error.ts";
import type { LambdaPorts } from "./ports.ts";

/** What functions have whose maker names no role, `attachHandler` and `deployEntry`: nobody makes these roles. */
const standIns: ReadonlySet<string> = new Set(
  ["attached", "localemu"].map((name) => `arn:aws:iam::${accountId}:role/${name}`),
);

/** Refuses a role that a function cannot have, where roles count. */
export function refuseRole({ trustsLambda }: LambdaPorts, role: string | undefined, functionArn: string): void {
  if (trustsLambda === undefined || role === undefined || standIns.has(role)) return;
  // AWS: the text (AWS users' reports), for a role that does not exist too.
  if (!trustsLambda(role, functionArn))
    throw invalidParameter("The role defined for the function cannot be assumed by Lambda.");
}
