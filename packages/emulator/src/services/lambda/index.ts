import type { FunctionState, PeekedFunction } from "@localemu/control";
import { regionOf } from "../../core/arns.ts";
import { createAttachedFunctions } from "./attached-functions.ts";
import type { AttachedFunctions } from "./attached-functions.ts";
import { EventQueue } from "./asynchronous/event-queue.ts";
import type { LambdaEvent } from "./asynchronous/event-queue.ts";
import { CodeStore } from "./code/code-store.ts";
import { Executables } from "./code/executables.ts";
import { Deployments } from "./deployments.ts";
import { resolveFunction } from "./function-address.ts";
import type { Resolution } from "./function-address.ts";
import { policyKey } from "./function-policies.ts";
import { functionOperations } from "./function-operations.ts";
import type { FunctionOperations } from "./function-operations.ts";
import { InvocationLog } from "./invoke/invocation-log.ts";
import { createInvoker } from "./invoke/invoke-function.ts";
import type { InvokeFunction } from "./invoke/invoke-function.ts";
import type { LambdaPorts } from "./ports.ts";
import { notImplemented } from "./not-implemented.ts";
import { policyDocument } from "./state/function-policy.ts";
import type { LambdaFunction } from "./state/function-store.ts";
import { FunctionUrls } from "./state/function-urls.ts";
import { keptFunctions } from "./state/kept-functions.ts";
import { restoreLambda } from "./restore-lambda.ts";
import { LayerStore } from "./layer-store.ts";
import { createUrlServer } from "./function-url/url-server.ts";
import type { UrlServer } from "./function-url/url-server.ts";

/** Lambda of one world: functions, and how to invoke them. */
export interface Lambda {
  readonly operations: FunctionOperations;
  /** The operations that are declined, each with its reason. */
  readonly notImplemented: Readonly<Record<string, string>>;
  /** Invokes without going through the API; expected failures are results, never exceptions. */
  readonly invokeFunction: InvokeFunction;
  /** Queues an event, as InvocationType Event does. */
  invokeLater(event: LambdaEvent): void;
  /** Functions that processes outside run. */
  readonly attached: AttachedFunctions;
  /** Answers requests to functions' URLs. */
  readonly urls: UrlServer;
  /** Has a changed function outlive the emulator. */
  keepFunction(fn: LambdaFunction): void;
  /** The function behind a name, partial ARN or ARN. */
  resolveFunction(region: string, nameOrArn: string): Resolution;
  /** The policy document of a function, a version or an alias; undefined where there is none. */
  policyOf(arn: string): string | undefined;
  /** A function with what it was invoked with; undefined where there is none of that name. */
  peekFunction(region: string, name: string): PeekedFunction | undefined;
  /** All functions of a region, by name. */
  peekFunctions(region: string): FunctionState[];
  /** How many functions there are in all regions, and environments of theirs that live. */
  count(): { readonly functions: number; readonly environments: number };
  /** A zip that some version has, by its hash in base64; undefined when none has it. */
  readCode(sha256: string): Promise<Buffer | undefined>;
  /** Ends every environment at once and removes the functions' code. */
  close(): Promise<void>;
}

export function createLambda(ports: LambdaPorts): Lambda {
  const { documents } = ports;
  const kept = keptFunctions(documents);
  const { functions, eventConfigs, policies, runtimeUpdates, provisioned } = kept;
  const urls = new FunctionUrls(documents);
  const layers = new LayerStore(documents);
  const onCodeError = (error: unknown): void => ports.reportInternalError("function code", error);
  const codes = new CodeStore(ports.workDirectory, onCodeError, documents);
  const executables = new Executables(ports.workDirectory, (directory) => ports.mayExecuteIn(directory));
  const deployments = new Deployments(ports, functions);
  restoreLambda({ kept, urls, layers, codes, deployments });
  const invocations = new InvocationLog();
  const invokeFunction = createInvoker({ ports, functions, deployments, invocations });
  const events = new EventQueue({ ports, functions, configs: eventConfigs, invokeFunction });
  events.restore();
  const stateOf = (fn: LambdaFunction): FunctionState => ({
    functionName: fn.name,
    functionArn: fn.arn,
    ...(fn.latest.settings.runtime === undefined ? {} : { runtime: fn.latest.settings.runtime }),
    state: fn.latest.state,
    ...(fn.reservedConcurrency === undefined ? {} : { reservedConcurrency: fn.reservedConcurrency }),
    ...invocations.count(fn),
    environments: deployments.environments(fn),
  });
  const streams = { invokeFunction, host: ports.host, limits: ports.responseStreams };
  return {
    operations: functionOperations({
      ports,
      functions,
      urls,
      codes,
      executables,
      deployments,
      invokeFunction,
      streams,
      events,
      eventConfigs,
      layers,
      policies,
      runtimeUpdates,
      provisioned,
    }),
    notImplemented,
    urls: createUrlServer({ ports, urls, streams }),
    invokeFunction,
    invokeLater: (event) => events.add(event),
    attached: createAttachedFunctions({
      functions,
      deployments,
      holdTime: () => ports.holdTime(),
      reportInternalError: (label, error) => ports.reportInternalError(label, error),
    }),
    keepFunction: (fn) => functions.keep(fn),
    resolveFunction: (region, nameOrArn) => resolveFunction(functions, region, nameOrArn),
    policyOf(arn) {
      const target = resolveFunction(functions, regionOf(arn), arn);
      const policy = target.kind === "found" ? policies.get(target.fn, policyKey(target)) : undefined;
      return policy && policyDocument(policy);
    },
    peekFunction(region, name) {
      const fn = functions.find(region, name);
      return fn && { ...stateOf(fn), invocations: invocations.peek(fn) };
    },
    peekFunctions: (region) => functions.list(region).map(stateOf),
    count() {
      const all = functions.all();
      const environments = all.reduce((sum, fn) => sum + deployments.environments(fn).length, 0);
      return { functions: all.length, environments };
    },
    readCode: (sha256) => codes.readZip(sha256),
    async close() {
      // Events first: an attempt that is killed below begins anew with the next emulator, it was not refused.
      const eventsEnded = events.close();
      await deployments.close();
      await eventsEnded;
      await codes.close();
    },
  };
}
