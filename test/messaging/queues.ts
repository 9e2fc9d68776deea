import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import type { Message, ReceiveMessageCommandInput, SendMessageCommandInput, SQSClient } from "@aws-sdk/client-sqs";
import { onTestFinished } from "vitest";
import { MessagingServer } from "./messaging-server.ts";
import type { MessagingWorld, ServedCall } from "./messaging-server.ts";

export interface Setup extends MessagingWorld {
  readonly server: MessagingServer;
  readonly sqs: SQSClient;
}

/** A server with the world `orders`, closed when the test ends. */
export async function startOrders(): Promise<Setup> {
  const server = await MessagingServer.start();
  onTestFinished(() => server[Symbol.asyncDispose]());
  return { ...server.world("orders"), server, sqs: server.sqs("orders") };
}

export async function createQueue(
  sqs: SQSClient,
  name: string,
  attributes: Record<string, string> = {},
): Promise<string> {
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  return QueueUrl;
}

export async function send(
  sqs: SQSClient,
  QueueUrl: string,
  MessageBody: string,
  input: Partial<SendMessageCommandInput> = {},
): Promise<void> {
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...input }));
}

export async function receive(
  sqs: SQSClient,
  QueueUrl: string,
  input: Partial<ReceiveMessageCommandInput> = {},
  caller = new AbortController(),
): Promise<Message[]> {
  const all = { MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All" as const] };
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...all, ...input }), {
    abortSignal: caller.signal,
  });
  return Messages;
}

/** The bodies of what a call of `receive` gives. */
export async function bodies(messages: Promise<Message[]>): Promise<(string | undefined)[]> {
  return (await messages).map(({ Body }) => Body);
}

/** A long poll of 20 s, and the call that is parked for it. */
export async function parkedPoll(
  { server, sqs, time }: Setup,
  QueueUrl: string,
  caller?: AbortController,
): Promise<{ readonly poll: Promise<Message[]>; readonly call: ServedCall }> {
  const arrived = server.nextCall();
  const poll = receive(sqs, QueueUrl, { WaitTimeSeconds: 20 }, caller);
  poll.catch(() => {}); // Whoever aborts it awaits it later.
  const call = await arrived;
  await time.idle(10_000);
  return { poll, call };
}

export async function counts(sqs: SQSClient, QueueUrl: string) {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  return {
    visible: Number(Attributes?.["ApproximateNumberOfMessages"]),
    inFlight: Number(Attributes?.["ApproximateNumberOfMessagesNotVisible"]),
    delayed: Number(Attributes?.["ApproximateNumberOfMessagesDelayed"]),
  };
}
