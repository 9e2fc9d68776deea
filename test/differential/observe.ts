import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createLambdaRuntime, type EnvironmentPool, type InvokeRequest } from "@localemu/lambda-runtime";
import { RUNTIMES, type Case, type Generation, type Invoke, type Observation } from "./case.ts";
import { normalizer } from "./normalize.ts";
import { RecordingProxy } from "./recording-proxy.ts";

/** A program that runs a handler: ours, or one of AWS's. */
export interface Client {
  readonly generation: Generation;
  /** The folder whose name must not be part of what is compared. */
  readonly directory: string;
  /** JavaScript that starts it. */
  readonly start: string;
}

/** Runs a case: the client speaks with our Runtime API, and what it posts is kept on the way. */
export async function observe(one: Case, client: Client): Promise<Observation> {
  const directory = mkdtempSync(join(tmpdir(), "localemu-differential-"));
  const upstream = join(directory, "upstream");
  const proxy = new RecordingProxy(() => readFileSync(upstream, "utf8"));
  try {
    const bootstrapPath = join(directory, "runtime", "bootstrap.mjs");
    write(bootstrapPath, wrapper(upstream, await proxy.listen(), client.start));
    const taskRoot = join(directory, "task");
    for (const [name, code] of Object.entries(typeof one.files === "string" ? { "index.js": one.files } : one.files)) {
      write(join(taskRoot, name), code);
    }
    const run = await runCase(one, { bootstrapPath, taskRoot, runtime: RUNTIMES[client.generation] });
    proxy.close();
    const normalize = normalizer({ taskRoot, clientRoots: [client.directory, dirname(bootstrapPath)], ids: run.ids });
    return normalize(await proxy.requests(), run);
  } finally {
    proxy.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

export interface Run {
  readonly ids: readonly string[];
  readonly outcomes: readonly { readonly payload: string; readonly failed?: string }[];
  readonly log: readonly string[];
  readonly exits: readonly string[];
}

interface Place {
  readonly bootstrapPath: string;
  readonly taskRoot: string;
  readonly runtime: string;
}

async function runCase(one: Case, { bootstrapPath, taskRoot, runtime }: Place): Promise<Run> {
  const log: string[] = [];
  const exits: string[] = [];
  const lambda = createLambdaRuntime({
    bootstrapPath,
    log: { write: ({ message }) => log.push(message) },
    onEvent: (event) => {
      if (event.type === "environmentExited") {
        exits.push(event.reason);
      }
    },
  });
  try {
    const pool = lambda.createPool({
      functionName: "probe",
      version: "$LATEST",
      runtime,
      handler: one.handler ?? "index.handler",
      memorySizeMb: 128,
      timeoutMs: 5000,
      taskRoot,
      codeInPlace: true,
      environment: one.environment ?? {},
      logGroup: "/aws/lambda/probe",
      region: "eu-west-1",
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "token" },
      ...one.spec,
    });
    const ids: string[] = [];
    const outcomes: Run["outcomes"][number][] = [];
    for (const invoke of one.invokes ?? [{}]) {
      const requestId = randomUUID();
      ids.push(requestId);
      outcomes.push(await invokeOnce(pool, requestId, invoke));
    }
    const ownExits = [...exits];
    await pool.close();
    return { ids, outcomes, log, exits: ownExits };
  } finally {
    await lambda.close();
  }
}

async function invokeOnce(
  pool: EnvironmentPool,
  requestId: string,
  { event = {}, payload, ...rest }: Invoke,
): Promise<Run["outcomes"][number]> {
  const request: InvokeRequest = {
    requestId,
    payload: Buffer.from(payload ?? JSON.stringify(event)),
    invokedFunctionArn: "arn:aws:lambda:eu-west-1:000000000000:function:probe",
    ...rest,
  };
  const outcome = await pool.invoke(request);
  const text = Buffer.from(outcome.payload).toString("utf8");
  return outcome.functionError === undefined
    ? { payload: text }
    : { payload: text, failed: outcome.functionError.cause };
}

/** Puts the proxy between the client and the Runtime API before the client starts. */
function wrapper(upstream: string, proxy: string, start: string): string {
  return `import { writeFileSync } from "node:fs";
writeFileSync(${JSON.stringify(upstream)}, process.env.AWS_LAMBDA_RUNTIME_API);
process.env.AWS_LAMBDA_RUNTIME_API = ${JSON.stringify(proxy)};
if (process.env.LOG_TO_STDOUT) delete process.env._LAMBDA_TELEMETRY_LOG_FD;
${start}
`;
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
