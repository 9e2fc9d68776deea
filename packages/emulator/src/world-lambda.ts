import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createDocker } from "@localemu/lambda-runtime";
import type { Docker } from "@localemu/lambda-runtime";
import { functionArn as arnOfFunction, parseArn, regionOf } from "./core/arns.ts";
import { seededRandom } from "./core/random.ts";
import type { Faults } from "./faults.ts";
import { queueDenial, readDenial, refusedSource } from "./mapping-access.ts";
import type { Deny } from "./mapping-access.ts";
import type { Settings } from "./options.ts";
import { queueSource } from "./queue-source.ts";
import { mayExecuteIn } from "./services/lambda/code/executable-directory.ts";
import { describeErrorDocument } from "./services/lambda/invoke/error-document.ts";
import type { InvokeResult } from "./services/lambda/invoke/invoke-function.ts";
import { createProcessRuntime } from "./services/lambda/invoke/process-runtime.ts";
import { Mappings } from "./services/lambda/event-source-mappings/mappings.ts";
import type { Invoked, MappedFunction, MappingPorts } from "./services/lambda/event-source-mappings/ports.ts";
import { createLambda } from "./services/lambda/index.ts";
import type { Lambda } from "./services/lambda/index.ts";
import { mappingOperations } from "./services/lambda/mapping-operations.ts";
import type { LambdaOperations } from "./services/lambda/mapping-operations.ts";
import { lambdaError } from "./services/lambda/lambda-error.ts";
import type { LambdaPorts, Sender } from "./services/lambda/ports.ts";
import { tagOperations } from "./services/lambda/tag-operations.ts";
import { taggedResources } from "./services/lambda/tagged-resources.ts";
import type { FailureDestination as MessagingDestination, FunctionEvent } from "./services/messaging/index.ts";
import { readS3Object } from "./read-s3-object.ts";
import { streamSource } from "./stream-source.ts";
import { WorkspaceError } from "./workspace.ts";
import { functionCaller } from "./authorization/role-caller.ts";
import type { FunctionWorker, WorldAuthorization } from "./world-authorization.ts";
import type { ServerResources, ServicePorts, WorldServices } from "./world-services.ts";

/** Lambda as a world has it: functions and event source mappings together. */
export interface WorldLambda {
  readonly operations: LambdaOperations;
  readonly notImplemented: Lambda["notImplemented"];
  readonly mappings: Mappings;
  readonly readCode: Lambda["readCode"];
  readonly attached: Lambda["attached"];
  readonly policyOf: Lambda["policyOf"];
  readonly peekFunction: Lambda["peekFunction"];
  readonly peekFunctions: Lambda["peekFunctions"];
  readonly count: Lambda["count"];
  readonly urls: Lambda["urls"];
  /** Whether there is a function, with its version or alias, of that ARN. */
  hasFunction(arn: string): boolean;
  /** Hands an event of a topic or a bucket to a function. Throws where there is none of that ARN. */
  invokeLater(event: FunctionEvent): void;
  close(): Promise<void>;
}

/** Connects Lambda with the services that it reads from, writes to and runs beside. */
export async function loadWorldLambda(ports: ServicePorts, services: WorldServices): Promise<WorldLambda> {
  const { clock, host, ids, activity, documents, settings, record, reportInternalError, resources } = ports;
  const logs = await services.logs();
  const authorization = await services.authorization();
  const workDirectory = await resources.workDirectory(ports.worldName).catch((error: unknown) => {
    throw error instanceof WorkspaceError ? lambdaError("ServiceException", error.message, { cause: error }) : error;
  });
  const codeDirectory = join(workDirectory.path, "code");
  // Users of functions see the code of their own alone, which is linked into directories of theirs.
  if (resources.users !== undefined) await mkdir(codeDirectory, { mode: 0o700 });
  const docker = settings.docker ? dockerFor(settings, resources) : undefined;
  const runtime = createProcessRuntime({
    clock,
    host,
    ids,
    workDirectory: join(workDirectory.path, "environments"),
    limits: {
      idleTimeoutMs: settings.lambdaKeepaliveMs,
      startTimeoutMs: settings.lambdaStartTimeoutSeconds * 1000,
    },
    functions: {
      maxResponseBytes: settings.lambdaMaxPayloadBytes,
      postInvokeWaitMs: settings.lambdaPostInvokeWaitMs,
      nodeModules: settings.lambdaNodePath,
    },
    debugMode: settings.lambdaDebugMode,
    docker,
    users: resources.users,
  });
  const stopKilling = resources.onKill(() => {
    runtime.killAll();
    docker?.killAll();
  });
  // AWS: the role is that of the version which was invoked.
  const denialOf = ({ region, functionName, qualifier }: Sender): Deny | undefined => {
    const reference = qualifier === undefined ? functionName : `${functionName}:${qualifier}`;
    return authorization?.underRole(workerOf(lambda, functionName, region, reference));
  };
  const lambdaPorts: LambdaPorts = {
    clock,
    host,
    ids,
    activity,
    documents,
    responseStreams: {
      maxBytes: settings.responseStreamMaxBytes,
      bytesPerSecond: settings.responseStreamBytesPerSecond,
    },
    runtime,
    executors: { docker: settings.docker, preferred: settings.lambdaExecutor },
    runtimeImages: settings.lambdaRuntimeImages,
    ...(docker === undefined
      ? {}
      : { images: { find: (uri) => docker.findImage(uri), pull: (uri, signal) => docker.pullImage(uri, signal) } }),
    workDirectory: codeDirectory,
    mayExecuteIn,
    record,
    reportInternalError,
    readObject: async (bucket, key, versionId) => {
      const signal = new AbortController().signal;
      const call = { origin: "", region: settings.region, requestId: ids.uuid(), signal };
      return readS3Object(await services.messaging(), call, { bucket, key, versionId });
    },
    refusedDestination:
      authorization && ((arn, sender) => denialOf(sender)?.([{ action: "lambda:InvokeFunction", resource: arn }])),
    openDestination: async (arn, sender) => {
      const destination = (await services.messaging()).failureDestination(arn);
      const deny = denialOf(sender);
      return destination && destinationThrough({ faults: ports.faults, deny, caller: "event" }, arn, destination);
    },
    trustsLambda: authorization && ((role, functionArn) => authorization.trustsLambda(role, functionArn)),
    mayCallUrl: authorization && (async (url, accessKeyId) => authorization.mayCallUrl(url, accessKeyId)),
    codeLocation: (origin, sha256) =>
      `${origin}/_localemu/code/${Buffer.from(sha256, "base64").toString("base64url")}.zip`,
    functionEnvironment(origin, { role, functionName, functionArn }) {
      const credentials = { ...ports.issueCredentials(), sessionToken: ids.hex(64) };
      services.addFunctionCaller(credentials.accessKeyId, functionCaller(role, functionName, functionArn));
      const variables = { AWS_ENDPOINT_URL: resources.homeOf(origin), AWS_EC2_METADATA_DISABLED: "true" };
      return { variables, credentials };
    },
    holdTime: () => ports.holdTime(),
    writeLog: (region, group, stream, _hostTime, message) => {
      logs.write(region, group, stream, clock.now(), message);
      ports.functionWrote(group, stream, message);
    },
  };
  const lambda = createLambda(lambdaPorts);
  const backoff = { firstDelayMs: settings.retryBaseDelayMs, maxDelayMs: 60_000 };
  const mappingPorts = mappingPortsOf(lambda, services, ports.faults, authorization);
  const mappings = new Mappings({
    ports: mappingPorts,
    clock,
    host,
    // How long reads back off is part of what a test sees of time: the same for the same seed.
    ids: { ...ids, fraction: seededRandom(settings.seed) },
    activity,
    backoff,
    documents,
    record,
    reportInternalError,
  });
  if (documents.read("lambda.mappings").length > 0) {
    // Mappings watch for streams that come again, which only a service that is there can tell.
    await services.kinesis();
    mappings.restore();
  }
  const findTagged = taggedResources({
    resolveFunction: (callRegion, arn) => lambda.resolveFunction(callRegion, arn),
    keepFunction: (fn) => lambda.keepFunction(fn),
    mappings,
    ids,
  });
  return {
    operations: { ...lambda.operations, ...mappingOperations(mappings), ...tagOperations(findTagged) },
    notImplemented: lambda.notImplemented,
    mappings,
    urls: lambda.urls,
    readCode: (sha256) => lambda.readCode(sha256),
    attached: lambda.attached,
    hasFunction: (arn) => lambda.resolveFunction(regionOf(arn), arn).kind === "found",
    invokeLater({ functionArn, payload, source, traceHeader }) {
      const region = regionOf(functionArn);
      const resolution = lambda.resolveFunction(region, functionArn);
      if (resolution.kind !== "found") throw resolution.error;
      lambda.invokeLater({
        region,
        functionName: resolution.fn.name,
        qualifier: resolution.qualifier,
        payload: Buffer.from(payload),
        requestId: ids.uuid(),
        source,
        traceId: traceHeader,
      });
    },
    policyOf: (arn) => lambda.policyOf(arn),
    peekFunction: (region, name) => lambda.peekFunction(region, name),
    peekFunctions: (region) => lambda.peekFunctions(region),
    count: () => lambda.count(),
    async close() {
      const stopped = mappings.close();
      await lambda.close();
      await stopped;
      stopKilling();
      await workDirectory.remove();
    },
  };
}

/** Functions in containers find this server by the address that they have for it, not by their own loopback. */
function dockerFor({ dockerHost, dockerPauseMs }: Settings, resources: ServerResources): Docker {
  return createDocker({
    engine: dockerHost,
    pauseAfterMs: dockerPauseMs,
    async onAddress({ bind, host }) {
      const home = `http://${host}:${await resources.reachOn(bind)}`;
      return (defaults) =>
        Object.fromEntries(
          Object.entries(defaults).map(([name, value]) => [name, value.replace(/^http:\/\/127\.0\.0\.1:\d+/, home)]),
        );
    },
  });
}

function mappingPortsOf(
  lambda: Lambda,
  services: WorldServices,
  faults: Faults,
  authorization: WorldAuthorization | undefined,
): MappingPorts {
  const denialFor = ({ name, arn }: MappedFunction) =>
    authorization?.underRole(workerOf(lambda, name, regionOf(arn), arn));
  return {
    refusedSource: authorization && ((arn, mapped) => refusedSource(arn, denialFor(mapped))),
    async openStream(arn, mapped) {
      const deny = readDenial(arn, denialFor(mapped));
      if (parseArn(arn)?.service === "dynamodb") {
        const reader = await (await services.dynamoDb()).openStream(arn);
        return reader && streamSource(reader, () => deny() ?? faults.meet("dynamodbstreams", "GetRecords", "mapping"));
      }
      const reader = (await services.kinesis()).openStream(arn);
      // Assumed: a stream or consumer that is still being created cannot be read, so that it counts as missing.
      return reader === undefined || reader.shards().length === 0
        ? undefined
        : streamSource(reader, () => deny() ?? faults.meet("kinesis", reader.readWith, "mapping"));
    },
    onStreamCreated: (arn, listener) =>
      services.loadedKinesis?.onSourceCreated((created) => {
        if (created === arn) listener();
      }) ?? (() => {}),
    async openQueue(arn, mapped) {
      const queue = await (await services.messaging()).openQueue(arn);
      const deny = queueDenial(arn, denialFor(mapped));
      return queue && queueSource(queue, (operation) => deny(operation) ?? faults.meet("sqs", operation, "mapping"));
    },
    async openDestination(arn, mapped) {
      const destination = (await services.messaging()).failureDestination(arn);
      const deny = denialFor(mapped);
      return destination && destinationThrough({ faults, deny, caller: "mapping" }, arn, destination);
    },
    findFunction(reference, region) {
      const resolution = lambda.resolveFunction(region, reference);
      if (resolution.kind !== "found") return undefined;
      const { fn, qualifier, version } = resolution;
      const arn = qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`;
      const { role, timeoutSeconds } = version.settings;
      return { name: fn.name, qualifier, arn, role, timeoutMs: timeoutSeconds * 1000 };
    },
    async invoke(functionName, region, payload, traceId) {
      const fault = await faults.suffer("lambda", "Invoke", "mapping");
      if (fault !== undefined) {
        return { kind: "notInvoked", reason: reasonOf(fault.code), message: `${fault.code}: ${fault.message}` };
      }
      const source = "event source mapping";
      const request = { region, functionName, payload: Buffer.from(payload), source, traceId };
      return invoked(await lambda.invokeFunction(request));
    },
  };
}

/** The operation by which a report goes to a destination. */
const reporting: ReadonlyMap<string, string> = new Map([
  ["sqs", "SendMessage"],
  ["sns", "Publish"],
  ["s3", "PutObject"],
]);

/** A function whose role Lambda works under, as it is then. */
function workerOf(lambda: Lambda, functionName: string, region: string, reference = functionName): FunctionWorker {
  const role = (): string => {
    const resolution = lambda.resolveFunction(region, reference);
    return resolution.kind === "found" ? resolution.version.settings.role : "";
  };
  return { functionName, functionArn: arnOfFunction(region, functionName), role };
}

interface Passage {
  readonly faults: Faults;
  readonly deny: Deny | undefined;
  readonly caller: "mapping" | "event";
}

/** A destination whose reports need the permission of the operation that they go by, and suffer its faults. */
function destinationThrough(
  { faults, deny, caller }: Passage,
  arn: string,
  destination: MessagingDestination,
): MessagingDestination {
  const service = parseArn(arn)?.service ?? "";
  const operation = reporting.get(service) ?? "";
  return {
    async send(report, options) {
      const resource = service === "s3" ? `${arn}/${options?.key ?? ""}` : arn;
      const denied = deny?.([{ action: `${service}:${operation}`, resource }]);
      if (denied !== undefined) throw denied;
      // Before the destination counts as activity: while a latency passes, nothing but the caller's token is left out.
      const fault = await faults.suffer(service, operation, caller);
      if (fault !== undefined) throw fault;
      await destination.send(report, options);
    },
  };
}

/** Why a call of Invoke that failed with an error did not reach its function. */
function reasonOf(code: string): Extract<Invoked, { readonly kind: "notInvoked" }>["reason"] {
  if (code === "TooManyRequestsException") return "throttled";
  if (code === "ResourceNotFoundException") return "functionMissing";
  return code === "AccessDeniedException" ? "denied" : "serviceError";
}

function invoked(result: InvokeResult): Invoked {
  if (result.kind === "notInvoked") {
    if (result.reason === "notActive") return { ...result, reason: "serviceError" };
    if (result.reason !== "recursion") return result;
    // Assumed: a message that is stopped in its loop is one that the function fails at, until its queue gives it up.
    return { ...result, kind: "functionError", error: "unhandled" };
  }
  const { requestId, executedVersion } = result;
  if (result.kind === "success") {
    return { kind: "success", requestId, executedVersion, payload: Buffer.from(result.payload).toString() };
  }
  const error = result.error === "timeout" || result.error === "exit" ? result.error : "unhandled";
  const message = describeErrorDocument(result.payload) ?? result.error;
  return { kind: "functionError", error, requestId, executedVersion, message };
}
