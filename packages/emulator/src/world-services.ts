import type { TimelineEvent } from "@localemu/control";
import type { FunctionUsers } from "@localemu/lambda-runtime";
import type { Activity } from "./activity.ts";
import { isWorldKey } from "./core/access-keys.ts";
import type { Clock } from "./core/clock.ts";
import type { HostTime } from "./core/host-time.ts";
import { defaultWorldName } from "./gateway/world-prefix.ts";
import type { Ids } from "./core/ids.ts";
import type { Faults } from "./faults.ts";
import type { InitialStream } from "./initial-streams.ts";
import type { Settings } from "./options.ts";
import { AwsError } from "./protocols/errors.ts";
import { anyOperations } from "./protocols/operations.ts";
import type { AnyOperations } from "./protocols/operations.ts";
import type { ServiceName } from "./protocols/service-models.ts";
import { nothingKept } from "./storage/document-store.ts";
import type { DocumentStore } from "./storage/document-store.ts";
import type { OpenLog } from "./storage/log-store.ts";
import type { DynamoDb } from "./services/dynamodb/index.ts";
import type { Iam } from "./services/iam/index.ts";
import type { Identity } from "./services/identity/index.ts";
import type { Kinesis } from "./services/kinesis/index.ts";
import type { Logs } from "./services/logs/index.ts";
import type { FunctionEvent, Messaging, MessagingPorts, MessagingService } from "./services/messaging/index.ts";
import type { WorkDirectory } from "./workspace.ts";
import type { WorldAuthorization } from "./world-authorization.ts";
import type { RoleCaller } from "./authorization/role-caller.ts";
import type { WorldLambda } from "./world-lambda.ts";
import type { IssueCredentials } from "./worlds.ts";

/** What a server has once for all of its worlds. */
export interface ServerResources {
  /** A new, empty directory for one world's functions. */
  workDirectory(world: string): Promise<WorkDirectory>;
  /** Who functions' processes are; undefined for this process's user. */
  readonly users: FunctionUsers | undefined;
  /** An endpoint under which a function's process reaches this server, where `origin` is how the function's maker did. */
  homeOf(origin: string): string;
  /** Listens on an address of this machine, for functions that are not in it; resolves to the port. */
  reachOn(address: string): Promise<number>;
  /** Kills functions' processes without waiting, when the host exits; the returned function takes that back. */
  onKill(kill: () => void): () => void;
}

export interface ServicePorts {
  readonly worldName: string;
  readonly settings: Settings;
  /** Streams that Kinesis has from the beginning. */
  readonly initialStreams: readonly InitialStream[];
  readonly clock: Clock;
  readonly host: HostTime;
  readonly ids: Ids;
  readonly activity: Activity;
  readonly faults: Faults;
  /** What outlives the emulator. */
  readonly documents: DocumentStore;
  /** Logs that outlive it; undefined where nothing does. */
  readonly openLog: OpenLog | undefined;
  /** Writes what was put into both; to be called before it is told to anybody within the same step. Throws DataError. */
  readonly commit: () => void;
  readonly resources: ServerResources;
  /** The access key of the world itself. */
  readonly ownKey: string;
  readonly issueCredentials: IssueCredentials;
  /** Stops world time, until what is returned is called. */
  readonly holdTime: () => () => void;
  readonly record: (event: TimelineEvent) => void;
  /** Takes what a function writes, for the emulator's own log. */
  readonly functionWrote: (logGroup: string, logStream: string, message: string) => void;
  readonly reportInternalError: (where: string, error: unknown) => void;
}

/** The services of one world, each loaded when it is first asked for. Here they meet: none of them imports another. */
export class WorldServices {
  readonly #ports: ServicePorts;
  readonly #kinesis: Lazy<Kinesis>;
  readonly #dynamoDb: Lazy<DynamoDb>;
  readonly #lambda: Lazy<WorldLambda>;
  readonly #logs: Lazy<Logs>;
  readonly #identity: Lazy<Identity>;
  readonly #iam: Lazy<Iam>;
  readonly #messaging: Lazy<Messaging>;
  readonly #authorization: Lazy<WorldAuthorization> | undefined;
  /** Who functions are when they call, by the access keys that they were given. */
  readonly #functionCallers = new Map<string, RoleCaller>();

  readonly #operations: { readonly [Name in ServiceName]: Lazy<AnyOperations> };

  constructor(ports: ServicePorts) {
    this.#ports = ports;
    this.#kinesis = new Lazy(() => this.#loadKinesis());
    this.#dynamoDb = new Lazy(() => this.#loadDynamoDb());
    this.#logs = new Lazy(() => this.#loadLogs());
    this.#iam = new Lazy(() => this.#loadIam());
    this.#identity = new Lazy(() => this.#loadIdentity());
    this.#messaging = new Lazy(() => this.#loadMessaging());
    this.#lambda = new Lazy(() => this.#loadLambda());
    this.#authorization = ports.settings.enforceIam === "0" ? undefined : new Lazy(() => this.#loadAuthorization());
    this.#operations = {
      kinesis: new Lazy(async () => {
        const { operations, notImplemented, refused } = await this.#kinesis.get();
        return anyOperations(operations, notImplemented, refused);
      }),
      dynamodb: operationsOf(this.#dynamoDb),
      dynamodbstreams: new Lazy(async () => anyOperations((await this.#dynamoDb.get()).streamOperations, {})),
      iam: operationsOf(this.#iam),
      lambda: operationsOf(this.#lambda),
      logs: operationsOf(this.#logs),
      sts: operationsOf(this.#identity),
    };
  }

  kinesis(): Promise<Kinesis> {
    return this.#kinesis.get();
  }

  dynamoDb(): Promise<DynamoDb> {
    return this.#dynamoDb.get();
  }

  lambda(): Promise<WorldLambda> {
    return this.#lambda.get();
  }

  logs(): Promise<Logs> {
    return this.#logs.get();
  }

  identity(): Promise<Identity> {
    return this.#identity.get();
  }

  messaging(): Promise<Messaging> {
    return this.#messaging.get();
  }

  /** Loads services that have kept something, so that what runs by itself goes on, and what is looked at is there. */
  async loadKept(names: readonly string[]): Promise<void> {
    const loads: { readonly [name: string]: () => Promise<unknown> } = {
      kinesis: () => this.kinesis(),
      dynamodb: () => this.dynamoDb(),
      iam: () => this.#iam.get(),
      logs: () => this.logs(),
      sts: () => this.identity(),
      messaging: () => this.messaging(),
      sqs: () => this.messaging(),
      sns: () => this.messaging(),
      s3: () => this.messaging(),
      // Last: it reads and calls the others.
      lambda: () => this.lambda(),
    };
    for (const [name, load] of Object.entries(loads)) if (names.includes(name)) await load();
  }

  /** Who may do what; undefined where everybody may do everything. */
  authorization(): Promise<WorldAuthorization> | undefined {
    return this.#authorization?.get();
  }

  /** Notes who a function is that calls with this key. */
  addFunctionCaller(accessKeyId: string, caller: RoleCaller): void {
    this.#functionCallers.set(accessKeyId, caller);
  }

  /** Under which role the holder of a key calls; undefined where the key was issued, and nobody knows any more to whom. */
  caller(accessKeyId: string): RoleCaller | "account" | undefined {
    const known = this.#functionCallers.get(accessKeyId) ?? this.#identity.loaded?.session(accessKeyId);
    if (known !== undefined) return known;
    return isWorldKey(accessKeyId) && accessKeyId !== this.#ports.ownKey ? undefined : "account";
  }

  /** A service's operations, as the gateway calls them. */
  operations(service: ServiceName): Promise<AnyOperations> {
    return this.#operations[service].get();
  }

  async #loadKinesis(): Promise<Kinesis> {
    const { clock, ids, record, settings, documents, openLog, commit } = this.#ports;
    const { createKinesis } = await import("./services/kinesis/index.ts");
    const { kinesisShardLimit: shardLimit, kinesisLatencyMs: latencyMs, kinesisThroughputLimits } = settings;
    const limits = { shardLimit, latencyMs, throughputLimits: kinesisThroughputLimits };
    const initialStreams = this.#ports.initialStreams.map((stream) => ({ region: settings.region, ...stream }));
    return createKinesis({
      clock,
      ids,
      record,
      settings: limits,
      initialStreams,
      documents: openLog && documents,
      openLog,
      commit,
    });
  }

  async #loadDynamoDb(): Promise<DynamoDb> {
    const { dynamodbEndpoint } = this.#ports.settings;
    if (dynamodbEndpoint !== undefined) {
      const { createExternalDynamoDb } = await import("./services/dynamodb/external/external-dynamodb.ts");
      return createExternalDynamoDb(this.#ports, dynamodbEndpoint, externalKeyOf(this.#ports.worldName));
    }
    const { createDynamoDb } = await import("./services/dynamodb/index.ts");
    return createDynamoDb(this.#ports);
  }

  async #loadLogs(): Promise<Logs> {
    const { createLogs } = await import("./services/logs/index.ts");
    return createLogs(this.#ports);
  }

  async #loadIam(): Promise<Iam> {
    const { createIam } = await import("./services/iam/index.ts");
    return createIam(this.#ports);
  }

  async #loadIdentity(): Promise<Identity> {
    const { ids, host, issueCredentials } = this.#ports;
    const { createIdentity } = await import("./services/identity/index.ts");
    return createIdentity({
      ids,
      functionCaller: (accessKeyId) => this.#functionCallers.get(accessKeyId),
      issueCredentials: ({ seconds }) => {
        const expiration = new Date(host.epoch() + seconds * 1000);
        return { ...issueCredentials(expiration.getTime()), sessionToken: ids.hex(64), expiration };
      },
    });
  }

  async #loadMessaging(): Promise<Messaging> {
    const { createMessaging } = await import("./services/messaging/index.ts");
    const { clock, documents, activity, record, faults } = this.#ports;
    const suffer = (service: MessagingService, operation: string) => faults.suffer(service, operation, "client");
    const functions = {
      exists: async (arn: string) => (await this.lambda()).hasFunction(arn),
      invokeLater: async (event: FunctionEvent) => (await this.lambda()).invokeLater(event),
    };
    const authorization = await this.authorization();
    const authorize: MessagingPorts["authorize"] =
      authorization &&
      (async (service, needed, { accessKeyId, ...call }) =>
        accessKeyId === undefined ? undefined : authorization.refusal(service, needed, { ...call, accessKeyId }));
    const messaging = createMessaging({ clock, documents, activity, record, suffer, authorize, functions });
    if (documents !== nothingKept) await messaging.open();
    return messaging;
  }

  async #loadAuthorization(): Promise<WorldAuthorization> {
    const { createWorldAuthorization } = await import("./world-authorization.ts");
    return createWorldAuthorization(this.#ports, this);
  }

  async #loadLambda(): Promise<WorldLambda> {
    const { loadWorldLambda } = await import("./world-lambda.ts");
    return loadWorldLambda(this.#ports, this);
  }

  get loadedKinesis(): Kinesis | undefined {
    return this.#kinesis.loaded;
  }

  get loadedDynamoDb(): DynamoDb | undefined {
    return this.#dynamoDb.loaded;
  }

  get loadedIam(): Iam | undefined {
    return this.#iam.loaded;
  }

  get loadedLambda(): WorldLambda | undefined {
    return this.#lambda.loaded;
  }

  get loadedMessaging(): Messaging | undefined {
    return this.#messaging.loaded;
  }

  /** Lambda first: it stops reading streams and queues before these go. */
  async close(): Promise<void> {
    try {
      await (await this.#lambda.end())?.close();
    } finally {
      (await this.#kinesis.end())?.close();
      (await this.#dynamoDb.end())?.close();
      (await this.#messaging.end())?.close();
    }
  }
}

/** With which access key a world calls another server: letters and digits, as DynamoDB Local wants it. */
function externalKeyOf(world: string): string {
  return world === defaultWorldName ? "localemu" : `localemu${Buffer.from(world).toString("hex")}`;
}

interface Operated {
  readonly operations: object;
  readonly notImplemented: Readonly<Record<string, string>>;
}

function operationsOf(service: Lazy<Operated>): Lazy<AnyOperations> {
  return new Lazy(async () => {
    const { operations, notImplemented } = await service.get();
    return anyOperations(operations, notImplemented);
  });
}

const worldIsGone =
  "the LocalEmu world of this request was deleted or reset, or its server stopped, before it was served";

/** A value that is made when it is first asked for, and asked for anew after it could not be made. */
class Lazy<Value> {
  readonly #make: () => Promise<Value>;
  #promise: Promise<Value> | undefined;
  #ended = false;
  /** The value, once it is there. */
  loaded: Value | undefined;

  constructor(make: () => Promise<Value>) {
    this.#make = make;
  }

  /**
   * Makes no value from now on: nobody would end it. Gives the one that is there or being made; undefined if there is none, or
   * it could not be made: who asked for it was told.
   */
  async end(): Promise<Value | undefined> {
    this.#ended = true;
    try {
      return await this.#promise;
    } catch {
      return undefined;
    }
  }

  /** Rejects with an AwsError when the value would have to be made after the end. */
  get(): Promise<Value> {
    this.#promise ??= this.#makeOnce();
    return this.#promise;
  }

  async #makeOnce(): Promise<Value> {
    try {
      if (this.#ended) throw new AwsError("UnknownWorldException", worldIsGone, { statusCode: 404 });
      this.loaded = await this.#make();
      return this.loaded;
    } catch (error) {
      this.#promise = undefined;
      throw error;
    }
  }
}
