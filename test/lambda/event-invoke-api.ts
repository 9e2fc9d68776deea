import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { Message, SQSClient } from "@aws-sdk/client-sqs";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import type { InvokeCommandOutput, LambdaClient } from "@aws-sdk/client-lambda";
import { zipOf } from "./zips.ts";

/** Throws for an event with `fail`, and answers any other. */
export const failingZip = zipOf({
  "index.js": `exports.handler = async (event) => {
    if (event.fail !== undefined) throw new TypeError(event.fail);
    return { seen: event };
  };`,
});

export function invokeEvent(
  lambda: LambdaClient,
  FunctionName: string,
  event: unknown,
  Qualifier?: string,
): Promise<InvokeCommandOutput> {
  const Payload = Buffer.from(typeof event === "string" ? event : JSON.stringify(event));
  return lambda.send(new InvokeCommand({ FunctionName, Qualifier, InvocationType: "Event", Payload }));
}

/** A queue with what is received from it. */
export async function createQueue(sqs: SQSClient, name: string) {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  return {
    arn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
    async receive(): Promise<Message[]> {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ["All"],
          MessageSystemAttributeNames: ["AWSTraceHeader"],
        }),
      );
      return Messages;
    },
  };
}
