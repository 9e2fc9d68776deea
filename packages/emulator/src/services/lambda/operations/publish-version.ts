import type { FunctionConfiguration, PublishVersionRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { describeFunction } from "../describe-function.ts";
import { functionOfLatest } from "../function-address.ts";
import { refuseChange } from "../function-revision.ts";
import { invalidParameter } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { addVersion, unchangedVersion } from "../publish-version.ts";
import { refusePublishTo } from "../settings-rules.ts";

export function publishVersion(
  { ports, functions, deployments }: LambdaParts,
  input: PublishVersionRequest,
  call: CallContext,
): FunctionConfiguration {
  refusePublishTo(input);
  const fn = functionOfLatest(functions, call.region, required(input.FunctionName, "FunctionName"));
  refuseChange(fn, input.RevisionId);
  const { sha256 } = fn.latest.code;
  // AWS: recorded on AWS.
  if (input.CodeSha256 !== undefined && input.CodeSha256 !== "" && input.CodeSha256 !== sha256)
    throw invalidParameter(
      `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${sha256}). Please try again with the CodeSHA256 in $LATEST.`,
    );
  const unchanged = unchangedVersion(fn);
  if (unchanged !== undefined) return describeFunction(fn, unchanged, unchanged.version);
  const revisionId = ports.ids.uuid();
  // Assumed: what is published of an Inactive function is Inactive, too.
  const state = fn.latest.state === "Inactive" ? "Inactive" : "Active";
  const version = addVersion(fn, { revisionId, description: input.Description, state });
  // AWS: publishing gives $LATEST a new revision as well (recorded on AWS).
  fn.latest.revisionId = ports.ids.uuid();
  deployments.publish(fn, version);
  return describeFunction(fn, version, version.version);
}
