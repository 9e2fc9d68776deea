import type { Runtime } from "@aws-sdk/client-lambda";
import type { AwsError } from "../../protocols/errors.ts";
import { executorOf, missingExecutor } from "./invoke/executor-of.ts";
import type { Executors } from "./invoke/executor-of.ts";
import { invalidParameter } from "./lambda-error.ts";

/** Whether functions of this runtime are executables themselves. */
export function bringsExecutable(runtime: Runtime | undefined): boolean {
  return runtime === "provided.al2023" || runtime === "provided.al2";
}

// AWS: runtimes that the model still names but that can no longer be chosen (recorded on AWS).
const retired: readonly Runtime[] = [
  "nodejs",
  "nodejs4.3",
  "nodejs4.3-edge",
  "nodejs6.10",
  "nodejs8.10",
  "nodejs10.x",
  "nodejs12.x",
  "nodejs14.x",
  "java8",
  "python2.7",
  "python3.6",
  "python3.7",
  "dotnetcore1.0",
  "dotnetcore2.0",
  "dotnetcore2.1",
  "dotnetcore3.1",
  "go1.x",
  "ruby2.5",
  "ruby2.7",
  "provided",
];

// AWS: what can be chosen, as the error for anything else lists it, in this order (recorded on AWS).
const offeredByAws: readonly string[] = [
  "nodejs20.x",
  "python3.14",
  "provided.al2023",
  "python3.12",
  "python3.13",
  "nodejs24.x",
  "nodejs22.x",
  "java25",
  "python3.10",
  "python3.11",
  "java21",
  "ruby3.3",
  "ruby3.4",
  "ruby3.2",
  "python3.8",
  "python3.9",
  "java17",
  "nodejs16.x",
  "dotnet10",
  "dotnet8",
  "java11",
  "dotnet6",
  "nodejs18.x",
  "provided.al2",
  "java8.al2",
];

/** Why a function of this runtime cannot be made, or undefined where it can. */
export function runtimeProblem(runtime: Runtime, executors: Executors): AwsError | undefined {
  // AWS: recorded on AWS.
  if (retired.includes(runtime))
    return invalidParameter(
      `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`,
    );
  if (!offeredByAws.includes(runtime))
    // AWS: recorded on AWS.
    return invalidParameter(
      `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${offeredByAws.join(", ")}] or be a valid ARN`,
    );
  return executorOf(runtime, executors) === undefined ? invalidParameter(missingExecutor(runtime)) : undefined;
}
