import { AwsError } from "../../protocols/errors.ts";
import { accountId, functionArn } from "../../core/arns.ts";
import { invalidParameter, lambdaError } from "./lambda-error.ts";
import type { FunctionStore, LambdaFunction } from "./state/function-store.ts";

/** The parts of `name`, `account:function:name` or an ARN, each with or without `:qualifier`. */
export interface FunctionAddress {
  readonly region: string | undefined;
  readonly account: string | undefined;
  readonly name: string;
  readonly qualifier: string | undefined;
}

/** What an address leads to. A problem is the error that AWS answers. */
export type Resolution =
  | { readonly kind: "found"; readonly fn: LambdaFunction; readonly qualifier: string | undefined }
  | { readonly kind: "missing" | "denied" | "invalid"; readonly error: AwsError };

// AWS: the pattern of FunctionName in the service's model, with names for its groups.
const addressPattern =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:(?<region>[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[a-zA-Z0-9-_.]+)(?::(?<qualifier>\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9-_]+))?$/;

export function parseFunctionAddress(text: string): FunctionAddress | undefined {
  const groups = addressPattern.exec(text)?.groups;
  const name = groups?.["name"];
  if (groups === undefined || name === undefined) return undefined;
  return { region: groups["region"], account: groups["account"], name, qualifier: groups["qualifier"] };
}

/**
 * Finds the function that `text` and the separate qualifier mean. Only `$LATEST` exists of a function.
 * `impliedQualifier` is what the error of a missing function names when the caller gave none.
 */
export function resolveFunction(
  store: FunctionStore,
  region: string,
  text: string,
  separateQualifier?: string,
  impliedQualifier?: string,
): Resolution {
  const address = parseFunctionAddress(text);
  if (address === undefined) return { kind: "missing", error: notFound(functionArn(region, text), impliedQualifier) };
  if (address.account !== undefined && address.account !== accountId)
    // AWS: another account's function is refused without looking for it (recorded on AWS). Assumed: the text.
    return {
      kind: "denied",
      error: new AwsError(
        "AccessDeniedException",
        `Account ${accountId} is not authorized to access functions of account ${address.account}.`,
        { statusCode: 403 },
      ),
    };
  const { qualifier: ownQualifier } = address;
  if (separateQualifier !== undefined && ownQualifier !== undefined && separateQualifier !== ownQualifier)
    return {
      kind: "invalid",
      // AWS: recorded on AWS.
      error: invalidParameter("The derived qualifier from the function name does not match the specified qualifier."),
    };
  if (address.region !== undefined && address.region !== region)
    return {
      kind: "missing",
      // AWS: recorded on AWS.
      error: lambdaError(
        "ResourceNotFoundException",
        `Functions from '${address.region}' are not reachable in this region ('${region}')`,
      ),
    };
  const qualifier = separateQualifier ?? ownQualifier;
  const fn = store.find(region, address.name);
  if (fn === undefined || (qualifier !== undefined && qualifier !== "$LATEST"))
    return { kind: "missing", error: notFound(functionArn(region, address.name), qualifier ?? impliedQualifier) };
  return { kind: "found", fn, qualifier };
}

/** The function that is meant, or AWS's error. */
export function existingFunction(
  store: FunctionStore,
  region: string,
  text: string,
  qualifier?: string,
  impliedQualifier?: string,
): { readonly fn: LambdaFunction; readonly qualifier: string | undefined } {
  const resolution = resolveFunction(store, region, text, qualifier, impliedQualifier);
  if (resolution.kind !== "found") throw resolution.error;
  return resolution;
}

// AWS: recorded on AWS.
function notFound(arn: string, qualifier: string | undefined): AwsError {
  const suffix = qualifier === undefined ? "" : `:${qualifier}`;
  return lambdaError("ResourceNotFoundException", `Function not found: ${arn}${suffix}`);
}
