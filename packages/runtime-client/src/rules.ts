/**
 * Whose behaviour is followed: `ric4` is that of aws-lambda-ric 4 (nodejs24.x and newer, and every runtime with
 * `AWS_LAMBDA_MAX_CONCURRENCY`), `ric3` that of aws-lambda-ric 3 (what is older).
 */
export type Rules = "ric3" | "ric4";

const OLDER = /^AWS_Lambda_nodejs(?:\d|1\d|20|22)\.x$/;

export function isConcurrent(environment: NodeJS.ProcessEnv): boolean {
  return environment["AWS_LAMBDA_MAX_CONCURRENCY"] !== undefined;
}

export function rulesOf(environment: NodeJS.ProcessEnv): Rules {
  return OLDER.test(environment["AWS_EXECUTION_ENV"] ?? "") && !isConcurrent(environment) ? "ric3" : "ric4";
}
