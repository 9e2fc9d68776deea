import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { createInterface } from "node:readline";
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { putRecordBody } from "./kinesis-client.ts";
import type { Client } from "./kinesis-client.ts";
import { median } from "./statistics.ts";

const zip = zipSync({ "index.mjs": readFileSync(new URL("function/index.mjs", import.meta.url)) });

export function lambdaClient(endpoint: string): LambdaClient {
  const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" };
  return new LambdaClient({ endpoint, region: "us-east-1", credentials });
}

export async function createFunction(
  lambda: LambdaClient,
  name: string,
  variables: Record<string, string> = {},
): Promise<void> {
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/bench",
      Timeout: 60,
      Code: { ZipFile: zip },
      Environment: { Variables: variables },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 10 }, { FunctionName: name });
}

export function invoke(client: Client, name: string, event = '{"n":1}'): Promise<Buffer> {
  return client.post(`/2015-03-31/functions/${name}/invocations`, event);
}

/** Maps a stream from its beginning; gives the mapping's UUID. */
export async function createMapping(
  lambda: LambdaClient,
  streamName: string,
  functionName: string,
  settings: { readonly BatchSize?: number; readonly Enabled?: boolean } = {},
): Promise<string> {
  const { UUID = "" } = await lambda.send(
    new CreateEventSourceMappingCommand({
      EventSourceArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${streamName}`,
      FunctionName: functionName,
      StartingPosition: "TRIM_HORIZON",
      ...settings,
    }),
  );
  return UUID;
}

/** What a handler told when it was called. */
interface HandlerCall {
  readonly enteredAt: bigint;
  readonly records: number;
}

/** Hears from handlers when they are called. */
export class HandlerCalls implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #told: HandlerCall[] = [];
  #tell: (() => void) | undefined;

  private constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      // A function's process is killed at the end.
      socket.on("error", () => {});
      createInterface(socket).on("line", (line) => {
        const [enteredAt = "0", records = "0"] = line.split(" ");
        this.#told.push({ enteredAt: BigInt(enteredAt), records: Number(records) });
        this.#tell?.();
      });
    });
  }

  static async listen(): Promise<HandlerCalls> {
    const calls = new HandlerCalls();
    calls.#server.listen(0, "127.0.0.1");
    await once(calls.#server, "listening");
    return calls;
  }

  /** The variables of a function that tells us. */
  get variables(): Record<string, string> {
    const address = this.#server.address();
    return { NOTIFY_PORT: String(typeof address === "object" && address !== null ? address.port : 0) };
  }

  async next(): Promise<HandlerCall> {
    for (;;) {
      const call = this.#told.shift();
      if (call !== undefined) return call;
      await new Promise<void>((resolve) => (this.#tell = resolve));
    }
  }

  /** Waits for calls until they were given so many records together. Throws when there were more. */
  async records(expected: number): Promise<void> {
    let records = 0;
    while (records < expected) records += (await this.next()).records;
    if (records > expected) throw new Error(`${records} records were delivered of ${expected}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** A stream of one shard, `mapped`, and the function behind it. */
export class MappedFunction implements AsyncDisposable {
  readonly #client: Client;
  readonly #calls: HandlerCalls;
  #put = 0;

  private constructor(client: Client, calls: HandlerCalls) {
    this.#client = client;
    this.#calls = calls;
  }

  static async create(lambda: LambdaClient, client: Client): Promise<MappedFunction> {
    const calls = await HandlerCalls.listen();
    await client.call("CreateStream", '{"StreamName":"mapped","ShardCount":1}');
    await createFunction(lambda, "mapped", calls.variables);
    await createMapping(lambda, "mapped", "mapped");
    return new MappedFunction(client, calls);
  }

  /** From sending a put to the first line of the handler, one record at a time: the median in milliseconds. */
  async putToHandler(count: number): Promise<number> {
    const warmUp = Math.ceil(count / 5);
    const durations: number[] = [];
    for (let index = 0; index < warmUp + count; index++) {
      const begin = process.hrtime.bigint();
      await this.#client.call("PutRecord", putRecordBody("mapped", this.#put++));
      const { enteredAt } = await this.#calls.next();
      if (index >= warmUp) durations.push(Number(enteredAt - begin) / 1e6);
    }
    return median(durations);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#calls[Symbol.asyncDispose]();
  }
}
