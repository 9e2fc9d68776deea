import { CreateFunctionCommand } from "@aws-sdk/client-lambda";
import type { CreateFunctionCommandInput, FunctionConfiguration, LambdaClient } from "@aws-sdk/client-lambda";
import type { LocalEmu } from "@localemu/testkit";
import { afterAll, beforeAll } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { zipOf } from "./zips.ts";

export const role = "arn:aws:iam::000000000000:role/lambda";
export const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
export const zip = zipOf({ "index.js": "exports.handler = async (event) => event;" });
export const arnOf = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

/** The emulator of a test file, started and stopped with it. */
export function lambdaServer(): { readonly current: TestEmulator } {
  const server: { current?: TestEmulator } = {};
  beforeAll(async () => {
    server.current = await startTestEmulator();
  });
  afterAll(() => server.current?.[Symbol.asyncDispose]());
  return {
    get current() {
      if (server.current === undefined) throw new Error("the emulator has not been started");
      return server.current;
    },
  };
}

export function createFunction(
  lambda: LambdaClient,
  FunctionName: string,
  change: Partial<CreateFunctionCommandInput> = {},
): Promise<FunctionConfiguration> {
  return lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: role,
      Code: { ZipFile: zip },
      ...change,
    }),
  );
}

/** For {@link createFunction}: a function that is this image. */
export function imagePackage(ImageUri: string): Partial<CreateFunctionCommandInput> {
  return { PackageType: "Image", Code: { ImageUri }, Runtime: undefined, Handler: undefined };
}

/** A reply as it is on the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Calls without a client of the SDK. */
export async function call(emu: LocalEmu, method: string, path: string, body?: string | object): Promise<Reply> {
  const text = typeof body === "object" ? JSON.stringify(body) : body;
  const response = await fetch(emu.endpoint + path, { method, ...(text === undefined ? {} : { body: text }) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** An error as the SDK throws it: to be matched against what a call rejects with. */
export function awsError(name: string, message: unknown, httpStatusCode = 400): object {
  return { name, message, $metadata: { httpStatusCode } };
}

export const functionNotFound = (arn: string): object =>
  awsError("ResourceNotFoundException", `Function not found: ${arn}`, 404);

/** Every way to address a function `name` without a qualifier. */
export const addressesOf = (name: string): readonly string[] => [
  name,
  `function:${name}`,
  `000000000000:${name}`,
  `000000000000:function:${name}`,
  arnOf(name),
];
