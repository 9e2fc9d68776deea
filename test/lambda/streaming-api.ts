import { createServer } from "node:http";
import { CreateFunctionUrlConfigCommand, InvokeWithResponseStreamCommand } from "@aws-sdk/client-lambda";
import type {
  CreateFunctionCommandInput,
  CreateFunctionUrlConfigCommandInput,
  InvokeWithResponseStreamCommandInput,
  InvokeWithResponseStreamCompleteEvent,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { createFunction } from "./lambda-api.ts";
import { zipOf } from "./zips.ts";

/** A handler that streams; `body` sees `event`, `stream` and `context`. */
export const streaming = (body: string): string =>
  `exports.handler = awslambda.streamifyResponse(async (event, stream, context) => { ${body} });`;

/** Metadata before a stream, and the stream. */
export const withMetadata = (metadata: object, body: string): string =>
  streaming(`stream = awslambda.HttpResponseStream.from(stream, ${JSON.stringify(metadata)}); ${body}`);

export async function deploy(
  lambda: LambdaClient,
  name: string,
  source: string,
  change: Partial<CreateFunctionCommandInput> = {},
): Promise<void> {
  await createFunction(lambda, name, { Code: { ZipFile: zipOf({ "index.js": source }) }, ...change });
}

/** The URL of a function, in RESPONSE_STREAM mode unless told otherwise. */
export async function urlOf(
  lambda: LambdaClient,
  FunctionName: string,
  change: Partial<CreateFunctionUrlConfigCommandInput> = {},
): Promise<string> {
  const input = { FunctionName, AuthType: "NONE", InvokeMode: "RESPONSE_STREAM", ...change } as const;
  const { FunctionUrl = "" } = await lambda.send(new CreateFunctionUrlConfigCommand(input));
  return FunctionUrl;
}

/** The streamed answer of an invocation, event by event. */
export interface Stream {
  readonly executedVersion: string | undefined;
  readonly contentType: string | undefined;
  /** The next chunk's text; undefined when the stream is complete. */
  next(): Promise<string | undefined>;
  /** Reads to the end. */
  rest(): Promise<string>;
  /** How it was completed. */
  readonly completion: InvokeWithResponseStreamCompleteEvent | undefined;
}

export async function invokeStream(
  lambda: LambdaClient,
  input: InvokeWithResponseStreamCommandInput | string,
  abortSignal?: AbortSignal,
): Promise<Stream> {
  const command = new InvokeWithResponseStreamCommand(typeof input === "string" ? { FunctionName: input } : input);
  const answer = await lambda.send(command, abortSignal === undefined ? {} : { abortSignal });
  const iterator = (async function* () {
    yield* answer.EventStream ?? [];
  })();
  let completion: InvokeWithResponseStreamCompleteEvent | undefined;
  const next = async (): Promise<string | undefined> => {
    const { value, done } = await iterator.next();
    if (done === true || value === undefined) return undefined;
    if (value.InvokeComplete !== undefined) {
      completion = value.InvokeComplete;
      return undefined;
    }
    return Buffer.from(value.PayloadChunk?.Payload ?? []).toString();
  };
  return {
    executedVersion: answer.ExecutedVersion,
    contentType: answer.ResponseStreamContentType,
    next,
    async rest() {
      let text = "";
      for (let chunk = await next(); chunk !== undefined; chunk = await next()) text += chunk;
      return text;
    },
    get completion() {
      return completion;
    },
  };
}

/** What a function waits at until the test opens it. */
export interface Gate extends AsyncDisposable {
  /** A function that gets this has to wait. */
  readonly url: string;
  /** Resolves when a function waits here. */
  readonly reached: Promise<void>;
  /** Lets all pass, now and later. */
  open(): void;
}

/** For a handler: waits at the gate that the event names. */
export const waitAtGate = "await (await fetch(event.gate ?? event.queryStringParameters.gate)).text();";

export async function openGate(): Promise<Gate> {
  const opened = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const server = createServer((_, response) => {
    reached.resolve();
    void opened.promise.then(() => response.end("go"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/`,
    reached: reached.promise,
    open: () => opened.resolve(),
    async [Symbol.asyncDispose]() {
      opened.resolve();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
