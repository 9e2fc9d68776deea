import type { TimelineEvent } from "@localemu/control";
import type { LambdaRuntime } from "@localemu/lambda-runtime";
import type { Activity } from "./activity.ts";
import type { Clock } from "./core/clock.ts";
import type { HostTime } from "./core/host-time.ts";
import type { Ids } from "./core/ids.ts";
import type { Settings } from "./options.ts";
import { anyOperations } from "./protocols/operations.ts";
import type { AnyOperations } from "./protocols/operations.ts";
import type { ServiceName } from "./protocols/service-models.ts";
import type { Identity } from "./services/identity/index.ts";
import type { Kinesis } from "./services/kinesis/index.ts";
import type { Lambda } from "./services/lambda/index.ts";
import type { Logs } from "./services/logs/index.ts";
import type { Messaging } from "./services/messaging/index.ts";
import type { WorldCredentials } from "./worlds.ts";

/** What a server has once for all of its worlds. */
export interface ServerResources {
  /** Runs the functions of every world; made when the first function is. */
  lambdaRuntime(): Promise<LambdaRuntime>;
  /** An endpoint under which a function's process reaches this server, where `origin` is how the function's maker did. */
  homeOf(origin: string): string;
}

export interface ServicePorts {
  readonly worldName: string;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly host: HostTime;
  readonly ids: Ids;
  readonly activity: Activity;
  readonly resources: ServerResources;
  readonly issueCredentials: () => WorldCredentials;
  readonly record: (event: TimelineEvent) => void;
  readonly reportInternalError: (where: string, error: unknown) => void;
}

/** The services of one world, each loaded when it is first asked for. Here they meet: none of them imports another. */
export class WorldServices {
  readonly #ports: ServicePorts;
  readonly #kinesis: Lazy<Kinesis>;
  readonly #lambda: Lazy<Lambda>;
  readonly #logs: Lazy<Logs>;
  readonly #identity: Lazy<Identity>;
  readonly #messaging: Lazy<Messaging>;

  readonly #operations: { readonly [Name in ServiceName]: Lazy<AnyOperations> };

  constructor(ports: ServicePorts) {
    this.#ports = ports;
    this.#kinesis = new Lazy(() => this.#loadKinesis());
    this.#logs = new Lazy(() => this.#loadLogs());
    this.#identity = new Lazy(() => this.#loadIdentity());
    this.#messaging = new Lazy(() => this.#loadMessaging());
    this.#lambda = new Lazy(() => this.#loadLambda());
    this.#operations = {
      kinesis: operationsOf(this.#kinesis),
      lambda: operationsOf(this.#lambda),
      logs: operationsOf(this.#logs),
      sts: operationsOf(this.#identity),
    };
  }

  kinesis(): Promise<Kinesis> {
    return this.#kinesis.get();
  }

  lambda(): Promise<Lambda> {
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

  /** A service's operations, as the gateway calls them. */
  operations(service: ServiceName): Promise<AnyOperations> {
    return this.#operations[service].get();
  }

  get loadedKinesis(): Kinesis | undefined {
    return this.#kinesis.loaded;
  }

  get loadedLambda(): Lambda | undefined {
    return this.#lambda.loaded;
  }

  get loadedMessaging(): Messaging | undefined {
    return this.#messaging.loaded;
  }

  /** Lambda first: it stops reading streams and queues before these go. */
  async close(): Promise<void> {
    await (await this.#lambda.started())?.close();
    (await this.#kinesis.started())?.close();
    await (await this.#messaging.started())?.close();
  }
}

interface Operated {
  readonly operations: Parameters<typeof anyOperations>[0];
  readonly notImplemented: Parameters<typeof anyOperations>[1];
}

function operationsOf(service: Lazy<Operated>): Lazy<AnyOperations> {
  return new Lazy(async () => {
    const { operations, notImplemented } = await service.get();
    return anyOperations(operations, notImplemented);
  });
}

/** A value that is made when it is first asked for. */
class Lazy<Value> {
  readonly #make: () => Promise<Value>;
  #promise: Promise<Value> | undefined;
  /** The value, once it is there. */
  loaded: Value | undefined;

  constructor(make: () => Promise<Value>) {
    this.#make = make;
  }

  /** The value if it was ever asked for. */
  started(): Promise<Value | undefined> {
    return this.#promise ?? Promise.resolve(undefined);
  }

  get(): Promise<Value> {
    this.#promise ??= this.#make().then((value) => (this.loaded = value));
    return this.#promise;
  }
}
