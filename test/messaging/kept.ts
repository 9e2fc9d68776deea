import type { S3Client } from "@aws-sdk/client-s3";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { onTestFinished } from "vitest";
import { memoryDocuments } from "../../packages/emulator/src/storage/memory-documents.ts";
import { MessagingServer } from "./messaging-server.ts";
import type { MessagingWorld } from "./messaging-server.ts";

/** The world `orders`, whose state outlives it. */
export interface Kept {
  readonly server: MessagingServer;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly s3: S3Client;
  readonly world: MessagingWorld;
  /** Ends the world without telling it, and begins one that finds what the other kept. */
  readonly restart: () => Promise<MessagingWorld>;
}

export async function startKept(): Promise<Kept> {
  const server = await MessagingServer.start();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const documents = memoryDocuments();
  const name = "orders";
  let world = server.world(name, documents);
  return {
    server,
    sqs: server.sqs(name),
    sns: server.sns(name),
    s3: server.s3(name),
    world,
    restart: async () => {
      const before = world;
      world = server.world(name, documents);
      await world.messaging.open();
      before.messaging.close();
      before.clock.close();
      return world;
    },
  };
}
