import { CreateAliasCommand, PutProvisionedConcurrencyConfigCommand } from "@aws-sdk/client-lambda";
import type { LambdaClient, PutProvisionedConcurrencyConfigCommandOutput } from "@aws-sdk/client-lambda";
import { createFunction } from "./lambda-api.ts";

/** A function with version 1 and the alias `live` of it. */
export async function createWithAlias(lambda: LambdaClient, FunctionName: string): Promise<void> {
  await createFunction(lambda, FunctionName, { Publish: true });
  await lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" }));
}

export function provision(
  lambda: LambdaClient,
  FunctionName: string,
  Qualifier: string,
  ProvisionedConcurrentExecutions = 2,
): Promise<PutProvisionedConcurrencyConfigCommandOutput> {
  return lambda.send(
    new PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier, ProvisionedConcurrentExecutions }),
  );
}
