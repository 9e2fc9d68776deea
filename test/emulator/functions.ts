import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { CreateFunctionCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import type { CreateFunctionRequest, LambdaClient } from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";

/** Makes a function of an ES module that exports `handler`. */
export async function createFunction(
  lambda: LambdaClient,
  name: string,
  module: string,
  settings: Partial<CreateFunctionRequest> = {},
): Promise<void> {
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/any",
      Code: { ZipFile: zipSync({ "index.mjs": Buffer.from(module) }) },
      ...settings,
    }),
  );
}

/** What the handler returned. */
export async function invoke(lambda: LambdaClient, name: string, event: object = {}): Promise<unknown> {
  const { Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(event)) }),
  );
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

/** Answers with its process's id, or never if the event says so. */
export const processFunction = `
  export const handler = async ({ hang }) => {
    if (hang) await new Promise(() => setInterval(() => {}, 60_000));
    return process.pid;
  };`;

/** Whether a process runs. */
export function isAlive(pid: unknown): boolean {
  if (typeof pid !== "number") throw new Error(`no process id: ${JSON.stringify(pid)}`);
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Resolves once a process that was killed is gone. */
export async function hasEnded(pid: unknown): Promise<void> {
  while (isAlive(pid) && !isZombie(pid)) await setImmediate();
}

/** Killed, but its parent has gone before it asked for the end: whoever is in its place may not have done so yet. */
function isZombie(pid: unknown): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${String(pid)}/stat`, "utf8"));
  } catch (error) {
    // Meanwhile it was asked for.
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH")) return true;
    throw error;
  }
}
