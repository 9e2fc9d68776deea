import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CreateFunctionRequest, FunctionConfiguration } from "@aws-sdk/client-lambda";
import type { TimelineEntry } from "@localemu/control";
import { Activity } from "../../packages/emulator/src/activity.ts";
import { accountId } from "../../packages/emulator/src/core/arns.ts";
import { hostTime } from "../../packages/emulator/src/core/host-time.ts";
import { randomIds } from "../../packages/emulator/src/core/ids.ts";
import type { Ids } from "../../packages/emulator/src/core/ids.ts";
import { WorldClock } from "../../packages/emulator/src/core/world-clock.ts";
import type { CallContext } from "../../packages/emulator/src/protocols/operations.ts";
import { mayExecuteIn } from "../../packages/emulator/src/services/lambda/code/executable-directory.ts";
import { createLambda } from "../../packages/emulator/src/services/lambda/index.ts";
import type { Lambda } from "../../packages/emulator/src/services/lambda/index.ts";
import type { FunctionRuntime } from "../../packages/emulator/src/services/lambda/invoke/ports.ts";
import { createProcessRuntime } from "../../packages/emulator/src/services/lambda/invoke/process-runtime.ts";
import type { EventDestination, ObjectRead } from "../../packages/emulator/src/services/lambda/ports.ts";
import { createLogs } from "../../packages/emulator/src/services/logs/index.ts";
import type { Logs } from "../../packages/emulator/src/services/logs/index.ts";
import { nothingKept } from "../../packages/emulator/src/storage/document-store.ts";
import type { DocumentStore } from "../../packages/emulator/src/storage/document-store.ts";
import { Timeline } from "../../packages/emulator/src/timeline.ts";
import { zipOf } from "./zips.ts";

const region = "eu-west-1";

/** Lambda and Logs of a world without a server around them. Disposing throws when there were internal errors. */
export interface LambdaWorld extends AsyncDisposable {
  readonly lambda: Lambda;
  readonly logs: Logs;
  readonly clock: WorldClock;
  readonly workDirectory: string;
  readonly objects: Map<string, ObjectRead>;
  call(change?: Partial<CallContext>): CallContext;
  events(): readonly TimelineEntry[];
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  /** Makes a function of this source of an `index.js`, and waits until it is Active. */
  create(
    name: string,
    source: string | Uint8Array,
    change?: Partial<CreateFunctionRequest>,
  ): Promise<FunctionConfiguration>;
  /** All lines of a log group. */
  logLines(group: string): Promise<string[]>;
}

export interface LambdaWorldOptions {
  readonly runtime?: FunctionRuntime;
  /** In place of random ones. */
  readonly ids?: Partial<Ids>;
  /** Waited for before an object is read. */
  readonly beforeRead?: () => Promise<void>;
  readonly mayExecuteIn?: (directory: string) => Promise<boolean>;
  readonly openDestination?: (arn: string) => EventDestination;
  /** Two worlds of the same documents are one after the other. */
  readonly documents?: DocumentStore;
}

export async function lambdaWorld(options: LambdaWorldOptions = {}): Promise<LambdaWorld> {
  const workDirectory = await mkdtemp(join(tmpdir(), "lambda-world-"));
  const internalErrors: unknown[] = [];
  const clock = new WorldClock(hostTime, (error) => internalErrors.push(error));
  const activity = new Activity(hostTime);
  const timeline = new Timeline(clock);
  const ids = { ...randomIds(), ...options.ids };
  const documents = options.documents ?? nothingKept;
  const logs = createLogs({ clock, documents });
  const objects = new Map<string, ObjectRead>();
  const lambda = createLambda({
    clock,
    host: hostTime,
    ids,
    activity,
    documents,
    responseStreams: { maxBytes: 200 * 1024 * 1024, bytesPerSecond: 0 },
    runtime: options.runtime ?? createProcessRuntime({ clock, host: hostTime, ids, workDirectory }),
    executors: { docker: false, preferred: "process" },
    runtimeImages: {},
    workDirectory: join(workDirectory, "code"),
    mayExecuteIn: options.mayExecuteIn ?? mayExecuteIn,
    record: (event) => timeline.append(event),
    reportInternalError: (_, error) => internalErrors.push(error),
    readObject: async (bucket, key, version) => {
      await options.beforeRead?.();
      const path = [bucket, key, ...(version === undefined ? [] : [version])].join("/");
      const missing = { kind: "failed", code: "NoSuchKey", message: "The specified key does not exist." } as const;
      return objects.get(path) ?? missing;
    },
    openDestination: async (arn) => options.openDestination?.(arn),
    codeLocation: (origin, sha256) => `${origin}/code/${encodeURIComponent(sha256)}`,
    functionEnvironment: (origin) => ({
      variables: { AWS_ENDPOINT_URL: origin },
      credentials: { accessKeyId: "LEMUFUNCTION", secretAccessKey: "secret", sessionToken: "token" },
    }),
    holdTime: () => clock.hold(),
    writeLog: (...line) => logs.write(...line),
  });
  const call = (change: Partial<CallContext> = {}): CallContext => ({
    region,
    accountId,
    requestId: ids.uuid(),
    accessKeyId: "LEMUTEST",
    origin: "http://127.0.0.1:4566",
    signal: new AbortController().signal,
    ...change,
  });
  const settled = async () => {
    if (!(await activity.settled({ deadline: hostTime.monotonic() + 15_000 })))
      throw new Error(`still busy: ${JSON.stringify(activity.busy())}`);
  };
  return {
    lambda,
    logs,
    clock,
    workDirectory,
    objects,
    call,
    events: () => timeline.entries(),
    settled,
    async create(name, source, change = {}) {
      const zip = typeof source === "string" ? zipOf({ "index.js": source }) : source;
      const answer = await lambda.operations.CreateFunction(
        {
          FunctionName: name,
          Runtime: "nodejs24.x",
          Handler: "index.handler",
          Role: `arn:aws:iam::${accountId}:role/lambda`,
          Code: { ZipFile: zip },
          ...change,
        },
        call(),
      );
      await settled();
      return answer;
    },
    async logLines(group) {
      const answer = await logs.operations.FilterLogEvents({ logGroupName: group }, call());
      return (answer.events ?? []).map(({ message = "" }) => message);
    },
    async [Symbol.asyncDispose]() {
      await lambda.close();
      clock.close();
      await rm(workDirectory, { recursive: true, force: true });
      if (internalErrors.length > 0) throw new AggregateError(internalErrors, "internal errors");
    },
  };
}

/** A reply's payload as text. */
export function textOf(payload: Uint8Array | undefined): string {
  return Buffer.from(payload ?? []).toString();
}
