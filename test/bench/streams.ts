import { get } from "node:http";
import type { IncomingMessage } from "node:http";
import { readFileSync } from "node:fs";
import {
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { lambdaClient } from "./functions.ts";

const zip = zipSync({ "index.mjs": readFileSync(new URL("function/stream.mjs", import.meta.url)) });

/** Makes a function that streams, and gives its URL. */
export async function createStream(endpoint: string, FunctionName: string): Promise<string> {
  const lambda = lambdaClient(endpoint);
  try {
    const settings = { Runtime: "nodejs24.x", Handler: "index.handler", Timeout: 600 } as const;
    const Role = "arn:aws:iam::000000000000:role/bench";
    await lambda.send(new CreateFunctionCommand({ FunctionName, Role, Code: { ZipFile: zip }, ...settings }));
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 10 }, { FunctionName });
    const url = { FunctionName, AuthType: "NONE", InvokeMode: "RESPONSE_STREAM" } as const;
    const { FunctionUrl = "" } = await lambda.send(new CreateFunctionUrlConfigCommand(url));
    return FunctionUrl;
  } finally {
    lambda.destroy();
  }
}

export interface Reading {
  /** From sending the request to the first byte of the body, and to the last one, in milliseconds. */
  readonly firstByteMs: number;
  readonly ms: number;
  readonly bytes: number;
}

/** Reads a stream of so many bytes to its end, and drops them. `onBytes` is told how many came so far. */
export function readStream(url: string, bytes: number, onBytes: (count: number) => void = () => {}): Promise<Reading> {
  const { promise, resolve, reject } = Promise.withResolvers<Reading>();
  const begin = performance.now();
  let firstByteMs = Number.NaN;
  let count = 0;
  const read = (response: IncomingMessage): void => {
    response.on("data", (chunk: Buffer) => {
      if (count === 0) firstByteMs = performance.now() - begin;
      count += chunk.length;
      onBytes(count);
    });
    response.on("end", () => resolve({ firstByteMs, ms: performance.now() - begin, bytes: count }));
    response.on("error", reject);
  };
  get(`${url}?bytes=${bytes}`, { agent: false }, read).on("error", reject);
  return promise;
}
