import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSClientConfig } from "@aws-sdk/client-sqs";
import type { TimelineEvent } from "@localemu/control";
import { Activity } from "../../packages/emulator/src/activity.ts";
import { hostTime } from "../../packages/emulator/src/core/host-time.ts";
import { WorldClock } from "../../packages/emulator/src/core/world-clock.ts";
import { createMessaging, worldOfQueueUrl } from "../../packages/emulator/src/services/messaging/index.ts";
import type { Messaging } from "../../packages/emulator/src/services/messaging/index.ts";
import { nothingKept } from "../../packages/emulator/src/storage/document-store.ts";
import { TimeControl } from "../../packages/emulator/src/time-control.ts";

/** One world with nothing in it but its messaging services. */
export interface MessagingWorld {
  readonly messaging: Messaging;
  readonly clock: WorldClock;
  readonly time: TimeControl;
  readonly activity: Activity;
  readonly events: readonly TimelineEvent[];
}

/** A call that was handed to its world. */
export interface ServedCall {
  /** Settles when the world has answered. */
  readonly answered: Promise<unknown>;
}

/** Serves worlds by path prefix, or by the prefix within a QueueUrl, on a port of its own. */
export class MessagingServer implements AsyncDisposable {
  readonly #worlds = new Map<string, MessagingWorld>();
  readonly #clients: { destroy(): void }[] = [];
  #onCall: ((call: ServedCall) => void)[] = [];
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });

  static async start(): Promise<MessagingServer> {
    const server = new MessagingServer();
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get origin(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
  }

  /** A world whose time stands still; in the place of one that had its name. */
  world(name: string, documents = nothingKept): MessagingWorld {
    const errors: unknown[] = [];
    const clock = new WorldClock(hostTime, (error) => errors.push(error));
    clock.setMode("frozen");
    const activity = new Activity(hostTime);
    const events: TimelineEvent[] = [];
    const messaging = createMessaging({
      clock,
      documents,
      activity,
      record: (event) => events.push(event),
      suffer: () => Promise.resolve(undefined),
      // There are no functions beside it.
      functions: { exists: () => Promise.resolve(false), invokeLater: () => Promise.reject(new Error("no functions")) },
    });
    const world = { messaging, clock, activity, events, time: new TimeControl(clock, activity, hostTime) };
    this.#worlds.set(name, world);
    return world;
  }

  sqs(world: string, config: SQSClientConfig = {}): SQSClient {
    return this.#owned(new SQSClient({ ...this.#options(world), ...config }));
  }

  sns(world: string): SNSClient {
    return this.#owned(new SNSClient(this.#options(world)));
  }

  s3(world: string): S3Client {
    return this.#owned(new S3Client(this.#options(world)));
  }

  /** The next call that any world gets. */
  nextCall(): Promise<ServedCall> {
    return new Promise((resolve) => this.#onCall.push(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { messaging, clock } of this.#worlds.values()) {
      messaging.close();
      clock.close();
    }
    for (const client of this.#clients) client.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #options(world: string) {
    const region = "us-east-1";
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    return { endpoint: `${this.origin}/_world/${world}`, region, credentials, maxAttempts: 1 };
  }

  #owned<Client extends { destroy(): void }>(client: Client): Client {
    this.#clients.push(client);
    return client;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "/";
    const [, region = "us-east-1", service] =
      /Credential=[^/]+\/\d+\/([^/]+)\/(sqs|sns|s3)\//.exec(request.headers.authorization ?? "") ?? [];
    const body = service === "s3" ? request : await collected(request);
    const inPath = /^\/_world\/([^/?]+)/.exec(path);
    const name = inPath?.[1] ?? (Buffer.isBuffer(body) ? worldOfQueueUrl(body) : undefined) ?? "";
    const world = this.#worlds.get(name);
    if (world === undefined) throw new Error(`no world for ${path}`);
    const gone = new AbortController();
    response.on("close", () => {
      if (!response.writableFinished) gone.abort();
    });
    const url = path.slice(inPath?.[0].length ?? 0);
    const answered = world.messaging.handle(
      service === "sqs" || service === "s3" ? service : "sns",
      { method: request.method ?? "GET", url: url.startsWith("/") ? url : `/${url}`, headers: request.headers, body },
      { origin: `${this.origin}/_world/${name}`, region, requestId: "test-request", signal: gone.signal },
    );
    for (const resolve of this.#onCall.splice(0)) resolve({ answered });
    const reply = await answered;
    response.writeHead(reply.status, reply.headers).end(reply.body);
  }
}

async function collected(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
