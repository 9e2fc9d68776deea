import {
  CreateAliasCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import type {
  CreateAliasCommandOutput,
  CreateAliasCommandInput,
  GetFunctionConfigurationCommandOutput,
  LambdaClient,
  PublishVersionCommandInput,
  PublishVersionCommandOutput,
} from "@aws-sdk/client-lambda";
import { zipOf } from "./zips.ts";

export const functionsOnly =
  "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.";

export const otherRevision =
  "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id";

/** Code that says `name`, and what it knows of how it was invoked. */
export const saying = (name: string): Uint8Array =>
  zipOf({
    "index.js": `exports.handler = async (_, context) => ({
      code: ${JSON.stringify(name)},
      variable: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      version: context.functionVersion,
      arn: context.invokedFunctionArn,
      logStream: context.logStreamName,
    });`,
  });

export function getConfiguration(
  lambda: LambdaClient,
  FunctionName: string,
  Qualifier?: string,
): Promise<GetFunctionConfigurationCommandOutput> {
  return lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier }));
}

export function publish(
  lambda: LambdaClient,
  FunctionName: string,
  change: Partial<PublishVersionCommandInput> = {},
): Promise<PublishVersionCommandOutput> {
  return lambda.send(new PublishVersionCommand({ FunctionName, ...change }));
}

/** Gives a function new code, and publishes it. */
export async function publishCode(lambda: LambdaClient, FunctionName: string, ZipFile: Uint8Array): Promise<string> {
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
  const { Version = "" } = await publish(lambda, FunctionName);
  return Version;
}

export function createAlias(
  lambda: LambdaClient,
  FunctionName: string,
  Name: string,
  change: Partial<CreateAliasCommandInput> = {},
): Promise<CreateAliasCommandOutput> {
  return lambda.send(new CreateAliasCommand({ FunctionName, Name, FunctionVersion: "1", ...change }));
}

/** What the function answered, and which version it was. */
export async function invoke(
  lambda: LambdaClient,
  FunctionName: string,
  Qualifier?: string,
): Promise<{ readonly ExecutedVersion: string | undefined; readonly answer: Record<string, unknown> }> {
  const { ExecutedVersion, Payload } = await lambda.send(new InvokeCommand({ FunctionName, Qualifier }));
  return { ExecutedVersion, answer: JSON.parse(Payload?.transformToString() ?? "") };
}
