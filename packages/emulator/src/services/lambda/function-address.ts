import { AwsError } from "../../protocols/errors.ts";
import { accountId, functionArn } from "../../core/arns.ts";
import { findVersion, functionNotFound } from "./function-versions.ts";
import { invalidParameter, lambdaError } from "./lambda-error.ts";
import type { Alias, FunctionStore, FunctionVersion, LambdaFunction } from "./state/function-store.ts";

/** The parts of `name`, `account:function:name` or an ARN, each with or without `:qualifier`. */
export interface FunctionAddress {
  readonly region: string | undefined;
  readonly account: string | undefined;
  readonly name: string;
  readonly qualifier: string | undefined;
}

/** A function, and what of it is meant. */
export interface FunctionTarget {
  readonly fn: LambdaFunction;
  /** As it was given. */
  readonly qualifier: string | undefined;
  /** The alias that the qualifier names. */
  readonly alias: Alias | undefined;
  /** What is meant; of an alias its own version, not the additional one. */
  readonly version: FunctionVersion;
}

/** Why an address leads nowhere: the error that AWS answers. */
interface Problem {
  readonly kind: "missing" | "denied" | "invalid";
  readonly error: AwsError;
}

export type Resolution = (FunctionTarget & { readonly kind: "found" }) | Problem;

// AWS: the pattern of FunctionName in the service's model, with names for its groups.
const addressPattern =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:(?<region>[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[a-zA-Z0-9-_.]+)(?::(?<qualifier>\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9-_]+))?$/;

export function parseFunctionAddress(text: string): FunctionAddress | undefined {
  const groups = addressPattern.exec(text)?.groups;
  const name = groups?.["name"];
  if (groups === undefined || name === undefined) return undefined;
  return { region: groups["region"], account: groups["account"], name, qualifier: groups["qualifier"] };
}

/** Where an address of this account and region leads, whether or not there is such a function and such a version of it. */
interface Place {
  readonly kind: "place";
  readonly name: string;
  /** Of the address or given beside it. */
  readonly qualifier: string | undefined;
}

function placeOf(region: string, text: string, separateQualifier?: string): Place | Problem {
  const address = parseFunctionAddress(text);
  if (address === undefined)
    return { kind: "missing", error: functionNotFound(functionArn(region, text), separateQualifier) };
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
  return { kind: "place", name: address.name, qualifier: separateQualifier ?? ownQualifier };
}

/**
 * Finds the version or alias that `text` and the separate qualifier mean. `impliedQualifier` is what the error of a missing
 * function names when the caller gave none.
 */
export function resolveFunction(
  store: FunctionStore,
  region: string,
  text: string,
  separateQualifier?: string,
  impliedQualifier?: string,
): Resolution {
  const place = placeOf(region, text, separateQualifier);
  if (place.kind !== "place") return place;
  const { name, qualifier } = place;
  const fn = store.find(region, name);
  const alias = qualifier === undefined ? undefined : fn?.aliases.get(qualifier);
  const version = fn && findVersion(fn, alias?.version ?? qualifier ?? "$LATEST");
  if (fn === undefined || version === undefined)
    return { kind: "missing", error: functionNotFound(functionArn(region, name), qualifier ?? impliedQualifier) };
  return { kind: "found", fn, qualifier, alias, version };
}

/** What is meant, or AWS's error. */
export function existingTarget(
  store: FunctionStore,
  region: string,
  text: string,
  qualifier?: string,
  impliedQualifier?: string,
): FunctionTarget {
  const resolution = resolveFunction(store, region, text, qualifier, impliedQualifier);
  if (resolution.kind !== "found") throw resolution.error;
  return resolution;
}

interface QualifierOptions {
  readonly separateQualifier?: string | undefined;
  /** What the ARN of a missing function ends in. */
  readonly notFoundQualifier?: string | undefined;
  /** In place of the error of a missing function. */
  readonly notFound?: AwsError | undefined;
}

/** The function of an address, whether or not it has what the qualifier names, or AWS's error. */
export function existingFunction(
  store: FunctionStore,
  region: string,
  text: string,
  { separateQualifier, notFoundQualifier, notFound }: QualifierOptions = {},
): { readonly fn: LambdaFunction; readonly qualifier: string | undefined } {
  const place = placeOf(region, text, separateQualifier);
  if (place.kind !== "place") throw place.error;
  const fn = store.find(region, place.name);
  if (fn === undefined) throw notFound ?? functionNotFound(functionArn(region, place.name), notFoundQualifier);
  return { fn, qualifier: place.qualifier };
}

/** The function whose `$LATEST` is meant, or AWS's error: also for what names another version or an alias. */
export function functionOfLatest(store: FunctionStore, region: string, text: string): LambdaFunction {
  const qualifier = parseFunctionAddress(text)?.qualifier;
  // Assumed: that AWS says here what it says of reserved concurrency.
  if (qualifier !== undefined && qualifier !== "$LATEST") throw functionsOnly();
  return existingFunction(store, region, text).fn;
}

/** The function as a whole, or AWS's error: also for whatever has a qualifier. */
export function unqualifiedFunction(
  store: FunctionStore,
  region: string,
  text: string,
  notFoundQualifier?: string,
): LambdaFunction {
  // Assumed: that this comes before whether there is such a function.
  if (parseFunctionAddress(text)?.qualifier !== undefined) throw functionsOnly();
  return existingFunction(store, region, text, { notFoundQualifier }).fn;
}

// AWS: recorded on AWS.
function functionsOnly(): AwsError {
  return invalidParameter(
    "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.",
  );
}
