import type { DeleteFunctionRequest, DeleteFunctionResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { forgetQualifier } from "../forget-qualifier.ts";
import { existingFunction } from "../function-address.ts";
import { isVersion } from "../function-versions.ts";
import { invalidParameter, lambdaError } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import type { LambdaFunction } from "../state/function-store.ts";

// AWS: recorded on AWS.
const deleted: DeleteFunctionResponse = { StatusCode: 204 };

export function deleteFunction(
  parts: LambdaParts,
  input: DeleteFunctionRequest,
  call: CallContext,
): DeleteFunctionResponse {
  const { functions, urls, deployments } = parts;
  const address = required(input.FunctionName, "FunctionName");
  // Assumed: the error of a missing function never names the qualifier.
  const { fn, qualifier } = existingFunction(functions, call.region, address, { separateQualifier: input.Qualifier });
  if (qualifier === undefined) {
    functions.delete(fn);
    urls.deleteAll(fn);
    deployments.delete(fn);
    return deleted;
  }
  refuseQualifier(fn, qualifier);
  const version = fn.published.get(qualifier);
  // AWS: deleting a version that does not exist changes nothing and is no error (recorded on AWS).
  if (version === undefined) return deleted;
  fn.published.delete(qualifier);
  forgetQualifier(parts, fn, qualifier);
  functions.keep(fn);
  deployments.deleteVersion(fn, version);
  return deleted;
}

function refuseQualifier(fn: LambdaFunction, qualifier: string): void {
  // AWS: recorded on AWS.
  if (qualifier === "$LATEST")
    throw invalidParameter("$LATEST version cannot be deleted without deleting the function.");
  // Assumed: the text, on which other emulators agree.
  if (!isVersion(qualifier)) throw invalidParameter("Deletion of aliases is not currently supported.");
  const aliases = [...fn.aliases.values()]
    .filter(({ version, routing }) => version === qualifier || routing?.version === qualifier)
    .map(({ name }) => name);
  // AWS: the text (AWS users' reports). Assumed: an additional version counts, and the separator.
  if (aliases.length > 0)
    throw lambdaError(
      "ResourceConflictException",
      `Unable to delete version because the following aliases reference it: [${aliases.join(", ")}]`,
    );
}
