import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import type {
  CreateEventSourceMappingCommandInput,
  CreateFunctionCommandInput,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DeleteFunctionCommand } from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";

/** What a record that its function refuses has in it. */
export const poison = "poison";

/** Refuses a batch with poison in it, whatever the source. */
export const pickyHandler = `
export const handler = async ({ Records }) => {
  for (const { kinesis, body, dynamodb } of Records) {
    const text = kinesis ? Buffer.from(kinesis.data, "base64").toString() : (body ?? JSON.stringify(dynamodb));
    if (text.includes("${poison}")) throw new Error("${poison}");
  }
};
`;

export function zipOf(module: string): Uint8Array<ArrayBuffer> {
  return zipSync({ "index.mjs": Buffer.from(module) });
}

export async function makeFunction(
  client: LambdaClient,
  FunctionName: string,
  module: string,
  settings: Partial<CreateFunctionCommandInput> = {},
): Promise<void> {
  await client.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/any",
      Code: { ZipFile: zipOf(module) },
      Timeout: 30,
      ...settings,
    }),
  );
  await waitUntilFunctionActiveV2({ client, maxWaitTime: 30 }, { FunctionName });
}

/** Removes a function and what it has logged. */
export async function removeFunction(
  lambda: LambdaClient,
  logs: CloudWatchLogsClient,
  FunctionName: string,
): Promise<void> {
  await lambda.send(new DeleteFunctionCommand({ FunctionName }));
  await logs.send(new DeleteLogGroupCommand({ logGroupName: `/aws/lambda/${FunctionName}` }));
}

/** Makes a mapping and gives its UUID. */
export async function makeMapping(lambda: LambdaClient, input: CreateEventSourceMappingCommandInput): Promise<string> {
  const { UUID = "" } = await lambda.send(new CreateEventSourceMappingCommand(input));
  return UUID;
}

/** Deletes a mapping and waits until it is gone. */
export async function removeMapping(lambda: LambdaClient, UUID: string): Promise<void> {
  await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  for (;;) {
    try {
      await lambda.send(new GetEventSourceMappingCommand({ UUID }));
    } catch (error) {
      if (error instanceof Error && error.name === "ResourceNotFoundException") return;
      throw error;
    }
  }
}
