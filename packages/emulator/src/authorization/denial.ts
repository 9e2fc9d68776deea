import { AwsError } from "../protocols/errors.ts";
import type { Decision } from "./evaluate.ts";
import type { NeededAccess } from "./needed-access.ts";

type Denied = Extract<Decision, { readonly allowed: false }>;

/** Whose calls are checked; streams of tables are DynamoDB's. */
export type CheckedService = "kinesis" | "lambda" | "dynamodb" | "dynamodbstreams" | "sts" | "sqs" | "sns" | "s3";

/** AWS: code and status by service (AWS users' reports). Assumed: 403 of SQS in its JSON protocol. */
const errors: { readonly [Service in CheckedService]: readonly [code: string, status: number] } = {
  kinesis: ["AccessDeniedException", 400],
  dynamodb: ["AccessDeniedException", 400],
  dynamodbstreams: ["AccessDeniedException", 400],
  lambda: ["AccessDeniedException", 403],
  sts: ["AccessDenied", 403],
  sqs: ["AccessDenied", 403],
  sns: ["AuthorizationError", 403],
  s3: ["AccessDenied", 403],
};

/** AWS's error for a call that is denied. What AWS does not tell is its cause. */
export function denialError(service: CheckedService, caller: string, access: NeededAccess, denied: Denied): AwsError {
  const [code, statusCode] = errors[service];
  const { notes } = denied;
  const cause = notes.length === 0 ? {} : { cause: new Error(notes.join("; ")) };
  return new AwsError(code, denialText(service, caller, access, denied), { statusCode, ...cause });
}

/** AWS: the texts (AWS docs, troubleshooting access denied errors; AWS users' reports). */
export function denialText(
  service: CheckedService,
  caller: string,
  { action: needed, resource: wanted }: NeededAccess,
  { explicit, by }: Pick<Denied, "explicit" | "by">,
): string {
  const action = shownAction(service, needed);
  // AWS: S3 alone has it in quotes (AWS docs).
  const resource = service === "s3" ? `"${wanted}"` : wanted;
  const what = `User: ${caller} is not authorized to perform: ${action} on resource: ${resource}`;
  // AWS: nothing more of a role (AWS users' reports).
  if (service === "sts" && !explicit) return what;
  const article = by === "identity-based policy" ? "an" : "a";
  return explicit
    ? `${what} with an explicit deny in ${article} ${by}`
    : `${what} because no ${by} allows the ${action} action`;
}

/** AWS: SQS has its actions in lower case, and SNS its own name in upper case (AWS users' reports). */
function shownAction(service: CheckedService, action: string): string {
  if (service === "sqs") return action.toLowerCase();
  return service === "sns" ? action.replace(/^sns:/, "SNS:") : action;
}
