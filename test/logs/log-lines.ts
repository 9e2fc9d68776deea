import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CreateFunctionCommand, InvokeCommand, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import type { TestEmulator } from "../emulator/emulator.ts";

export const noGroup = "400 ResourceNotFoundException: The specified log group does not exist.";
export const noStream = "400 ResourceNotFoundException: The specified log stream does not exist.";
export const groupArn = (name: string): string => `arn:aws:logs:us-east-1:000000000000:log-group:${name}`;

/** Makes a group with these streams. */
export async function createGroup(logs: CloudWatchLogsClient, logGroupName: string, ...streams: readonly string[]) {
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  for (const logStreamName of streams) await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
}

/** Puts lines, each with its time. */
export async function putLines(
  logs: CloudWatchLogsClient,
  logGroupName: string,
  logStreamName: string,
  lines: readonly (readonly [timestamp: number, message: string])[],
) {
  const logEvents = lines.map(([timestamp, message]) => ({ timestamp, message }));
  return logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
}

export async function messagesOf(logs: CloudWatchLogsClient, logGroupName: string, filterPattern?: string) {
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern }));
  return events.map(({ message = "" }) => message);
}

const code = `
export async function handler({ say }) {
  console.log(say);
  console.error("and", { an: "object" });
}
`;

/** Invokes a function that writes two lines; answers the group of its log and the id of the request. */
export async function logOfFunction({ emu, lambda }: TestEmulator, FunctionName: string, say: string) {
  const Code = { ZipFile: zipSync({ "index.mjs": Buffer.from(code) }) };
  const Role = "arn:aws:iam::000000000000:role/writer";
  await lambda.send(
    new CreateFunctionCommand({ FunctionName, Runtime: "nodejs24.x", Handler: "index.handler", Role, Code }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, minDelay: 1, maxWaitTime: 10 }, { FunctionName });
  const { $metadata } = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify({ say }) }));
  await emu.idle();
  return { group: `/aws/lambda/${FunctionName}`, requestId: $metadata.requestId ?? "" };
}
