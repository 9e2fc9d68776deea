import { cpSync } from "node:fs";
import { join } from "node:path";
import { DeleteFunctionCommand, InvokeCommand, InvokeWithResponseStreamCommand } from "@aws-sdk/client-lambda";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { buildImage, createImageFunction, withRuntimeClient } from "../container/function-image.ts";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { Client } from "./observe.ts";

const handlers = `
  export const handler = async ({ action, ...event }, context) => {
    if (action === "fail") throw new TypeError("no such order");
    const { functionName, functionVersion, memoryLimitInMB } = context;
    const timeLeft = context.getRemainingTimeInMillis();
    return { event, functionName, functionVersion, memoryLimitInMB, hasTime: timeLeft > 0 && timeLeft <= 30_000 };
  };
  export const stream = awslambda.streamifyResponse(async (event, response) => {
    response.write("one,");
    response.end("two");
  });
`;

/** An image that is not made from AWS's, but has its client, whose native part was built on this machine. Both clients read `_HANDLER`. */
const officialImage = `FROM node:24-bookworm-slim
COPY aws-lambda-ric /var/task/node_modules/aws-lambda-ric
WORKDIR /var/task
COPY index.mjs ./
ENTRYPOINT ["sh", "-c", "_HANDLER=$0 exec node node_modules/aws-lambda-ric/index.mjs"]
CMD ["index.handler"]
`;

const ourImage = `FROM node:24-bookworm-slim
COPY runtime-client /var/runtime
WORKDIR /var/task
COPY index.mjs ./
ENTRYPOINT ["sh", "-c", "_HANDLER=$0 exec node /var/runtime/bootstrap.js"]
CMD ["index.handler"]
`;

/**
 * Runs functions that are images with AWS's client, and the same with ours; tells what is different. The machine must have a C
 * library that is not newer than that of Debian 12.
 */
export async function compareImages({ directory }: Client): Promise<string[]> {
  const official = buildImage("official-runtime", { "index.mjs": handlers, Dockerfile: officialImage }, (context) =>
    cpSync(directory, join(context, "aws-lambda-ric"), { recursive: true }),
  );
  try {
    const ours = buildImage("our-runtime", { "index.mjs": handlers, Dockerfile: ourImage }, withRuntimeClient);
    try {
      await using emulator = await startTestEmulator({ docker: true });
      const theirs = await observeImage(emulator.lambda, official.image);
      const own = await observeImage(emulator.lambda, ours.image);
      return theirs === own ? [] : [`AWS:  ${theirs}`, `ours: ${own}`];
    } finally {
      ours.remove();
    }
  } finally {
    official.remove();
  }
}

/** What callers of functions of that image get. */
async function observeImage(lambda: LambdaClient, image: string): Promise<string> {
  await createImageFunction(lambda, "probe", image);
  await createImageFunction(lambda, "stream", image, { ImageConfig: { Command: ["index.stream"] } });
  try {
    const answers = await Promise.all([invoke(lambda, { id: 1 }), invoke(lambda, { action: "fail" }), stream(lambda)]);
    return JSON.stringify(answers);
  } finally {
    for (const FunctionName of ["probe", "stream"]) await lambda.send(new DeleteFunctionCommand({ FunctionName }));
  }
}

async function invoke(lambda: LambdaClient, event: object): Promise<object> {
  const Payload = Buffer.from(JSON.stringify(event));
  const { FunctionError, Payload: answer } = await lambda.send(new InvokeCommand({ FunctionName: "probe", Payload }));
  const { trace, ...rest } = JSON.parse(Buffer.from(answer ?? []).toString());
  return { FunctionError, ...rest, trace: Array.isArray(trace) ? trace.slice(0, 2) : trace };
}

async function stream(lambda: LambdaClient): Promise<string> {
  const { EventStream = [] } = await lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: "stream" }));
  let text = "";
  for await (const { PayloadChunk, InvokeComplete } of EventStream) {
    text += Buffer.from(PayloadChunk?.Payload ?? []).toString();
    if (InvokeComplete?.ErrorCode !== undefined) text += ` ${InvokeComplete.ErrorCode}`;
  }
  return text;
}
