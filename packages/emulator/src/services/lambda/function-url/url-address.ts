import { existingFunction } from "../function-address.ts";
import { isVersion } from "../function-versions.ts";
import { validationException } from "../../../protocols/errors.ts";
import type { AwsError } from "../../../protocols/errors.ts";
import { lambdaError } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import type { LambdaFunction } from "../state/function-store.ts";
import type { FunctionUrl } from "../state/function-urls.ts";

/** What a URL is configured for. */
export interface UrlOwner {
  readonly fn: LambdaFunction;
  readonly qualifier: string | undefined;
}

interface Input {
  readonly FunctionName: string;
  readonly Qualifier?: string | undefined;
}

// AWS: recorded on AWS, both.
const noFunction = (): AwsError => lambdaError("ResourceNotFoundException", "Function does not exist");
export const noUrl = (): AwsError =>
  lambdaError("ResourceNotFoundException", "The resource you requested does not exist.");

/** The function of a request, and the alias whose URL is meant. `notFound`: the error where there is no such function. */
export function urlOwner(
  { functions }: LambdaParts,
  region: string,
  input: Input,
  notFound: () => AwsError = noFunction,
): UrlOwner {
  const options = { separateQualifier: input.Qualifier, notFound: notFound() };
  const owner = existingFunction(functions, region, input.FunctionName, options);
  const { qualifier } = owner;
  // AWS: a URL is the function's or an alias's (recorded on AWS).
  if (qualifier !== undefined && isVersion(qualifier))
    throw validationException(
      `1 validation error detected: Value '${qualifier}' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)`,
    );
  return owner;
}

/** Throws AWS's error where the alias does not exist. */
export function refuseMissingAlias({ fn, qualifier }: UrlOwner): void {
  if (qualifier !== undefined && !fn.aliases.has(qualifier)) throw noFunction();
}

/** The URL of a function or an alias, or AWS's error. */
export function existingUrl(parts: LambdaParts, { fn, qualifier }: UrlOwner): FunctionUrl {
  const url = parts.urls.of(fn, qualifier);
  if (url === undefined) throw noUrl();
  return url;
}
