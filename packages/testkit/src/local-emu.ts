/// <reference lib="esnext.disposable" preserve="true" />
import {
  ControlClient,
  type ControlClock,
  type ControlFaults,
  ControlError,
  type Credentials,
  type IdleReport,
  type IdleRequest,
  type Info,
  type PeekedMapping,
  type TimelineEntry,
  type TimelineQuery,
} from "@localemu/control";
import {
  type AttachableHandler,
  type AttachedHandler,
  attachHandler,
  type AttachHandlerOptions,
} from "./attach-handler.ts";
import { BundleCache, cacheDirectory } from "./deploy-entry/bundle-cache.ts";
import { deployEntry, type DeployEntryOptions } from "./deploy-entry/deploy-entry.ts";
import { Turns } from "./deploy-entry/turns.ts";
import { describeSettlement, isFinal, settle } from "./matchers/settle.ts";
import { BucketHandle } from "./bucket-handle.ts";
import { FunctionHandle } from "./function-handle.ts";
import { MappingHandle } from "./mapping-handle.ts";
import { QueueHandle, type QueueOptions, queueAttributes } from "./queue-handle.ts";
import { topicAttributes, TopicHandle, type TopicOptions } from "./topic-handle.ts";
import { StreamHandle } from "./stream-handle.ts";
import { TableHandle, tableInput, type TableOptions } from "./table-handle.ts";

/** What the clients of the AWS SDK take, to be spread into their configuration. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
}

/** What a Kinesis client of the AWS SDK takes, to be spread into its configuration. */
export interface KinesisClientConfig extends ClientConfig {
  readonly requestHandler: { readonly disableConcurrentStreams: false };
}

/**
 * One world of a LocalEmu: its resources, clock and timeline. The same type whether it runs in this process, in a container or
 * elsewhere; all of it goes over the control API.
 *
 * @example
 * ```ts
 * await using emu = await connect("http://127.0.0.1:4566");
 * const kinesis = new KinesisClient(emu.getClientConfig());
 * ```
 */
export class LocalEmu implements AsyncDisposable {
  /** The control API of this world, for what the handles don't offer. */
  readonly control: ControlClient;
  /** Reads and moves the world's time. */
  readonly clock: ControlClock;
  /** Lets calls of this world fail or wait. */
  readonly faults: ControlFaults;
  readonly #info: Info;
  readonly #release: () => Promise<void>;
  /** Handlers and worlds that end with this object, if they did not before. */
  readonly #made = new Set<AsyncDisposable>();
  #closing: Promise<void> | undefined;
  #bundles: BundleCache | undefined;
  readonly #deployments = new Turns();

  /** Use `connect(endpoint)`, `startLocalEmu(options)` or `emu.createWorld()`. */
  constructor(control: ControlClient, info: Info, release: () => Promise<void>) {
    this.control = control;
    this.clock = control.clock;
    this.faults = control.faults;
    this.#info = info;
    this.#release = release;
  }

  /** Where AWS clients call, with the world's prefix, such as `http://127.0.0.1:4566/_world/mine`. */
  get endpoint(): string {
    return this.control.endpoint;
  }

  /** The world's name. */
  get world(): string {
    return this.#info.world;
  }

  /** The region of the handles and of `getClientConfig()`. */
  get region(): string {
    return this.#info.region;
  }

  /** The account that owns everything: twelve digits. */
  get accountId(): string {
    return this.#info.accountId;
  }

  /** Endpoint, region and credentials for a client of the AWS SDK: `new KinesisClient(emu.getClientConfig())`. */
  getClientConfig(): ClientConfig {
    return { endpoint: this.endpoint, region: this.region, credentials: { ...this.#info.credentials } };
  }

  /**
   * The same for a Kinesis client that sends all its requests over one HTTP/2 session: by default the AWS SDK opens one for
   * each request. It says so to the SDK's own request handler, and needs no package.
   *
   * @example
   * ```ts
   * const kinesis = new KinesisClient(emu.getKinesisClientConfig());
   * ```
   */
  getKinesisClientConfig(): KinesisClientConfig {
    return { ...this.getClientConfig(), requestHandler: { disableConcurrentStreams: false } };
  }

  /** The environment variables with which a process under test reaches this world. */
  getEnvironment(): Readonly<Record<string, string>> {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: this.region,
      AWS_ACCESS_KEY_ID: this.#info.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: this.#info.credentials.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: "true",
      // Said, not left out: a profile of ~/.aws/config may say otherwise, and the endpoint were not asked.
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false",
      AWS_USE_DUALSTACK_ENDPOINT: "false",
      AWS_USE_FIPS_ENDPOINT: "false",
    };
  }

  /**
   * Waits until nothing more can happen by itself, at most `timeoutMs` (default 10 000) of host time. With a frozen clock it
   * ends at once when a timer is left, and answers `sleeping`. Throws an Error that names what is busy, or due, when the time-out passes first.
   */
  async idle({ timeoutMs = 10_000 }: IdleRequest = {}): Promise<IdleReport> {
    const { end, report } = await settle(this.control, timeoutMs);
    if (!isFinal(end)) throw new Error(describeSettlement(end, timeoutMs));
    return report;
  }

  /** Drops everything that the world holds. */
  reset(): Promise<void> {
    return this.control.reset();
  }

  /** What has happened, oldest first; `describeTimelineEvent` of `@localemu/control` makes a line of an entry. */
  timeline(range?: TimelineQuery): Promise<readonly TimelineEntry[]> {
    return this.control.timeline(range);
  }

  /** All event source mappings, with how far each has come. */
  mappings(): Promise<readonly PeekedMapping[]> {
    return this.control.peek.mappings();
  }

  /** Makes a world of its own on the same server. It ends when it is closed, or 10 s after this process ended. */
  async createWorld(name?: string): Promise<LocalEmu> {
    const world = await this.control.createWorld({ ...(name !== undefined && { name }), lease: true });
    const control = new ControlClient(world.endpoint);
    let made: LocalEmu | undefined;
    const release = async (): Promise<void> => {
      if (made !== undefined) this.#made.delete(made);
      try {
        await this.control.deleteWorld(world.name);
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    };
    try {
      await control.holdLease(world.name);
      made = new LocalEmu(control, await control.info(), release);
      this.#made.add(made);
      return made;
    } catch (error) {
      control.close();
      await release();
      throw error;
    }
  }

  /** Makes a stream with `shards` shards, default 1. Throws ControlError as CreateStream does. */
  async createStream(name: string, { shards = 1 }: { readonly shards?: number } = {}): Promise<StreamHandle> {
    await this.control.call("kinesis", "CreateStream", { StreamName: name, ShardCount: shards });
    return this.stream(name);
  }

  /** A stream by its name; whether it exists shows when it is used. */
  stream(name: string): StreamHandle {
    return new StreamHandle(this.control, name, this.#arn("kinesis", `stream/${name}`));
  }

  /**
   * Makes a table with a stream of new and old images, unless `stream` says otherwise. Throws ControlError as CreateTable does.
   *
   * @example
   * ```ts
   * const table = await emu.createTable("orders", { partitionKey: "customer", sortKey: { name: "at", type: "N" } });
   * await emu.function("orders-fn").listen(table);
   * await table.put({ customer: "a", at: 1, total: 3 });
   * ```
   */
  async createTable(name: string, options: TableOptions = {}): Promise<TableHandle> {
    await this.control.call("dynamodb", "CreateTable", tableInput(name, options));
    return this.table(name);
  }

  /** A table by its name; whether it exists shows when it is used. */
  table(name: string): TableHandle {
    return new TableHandle(this.control, name, this.#arn("dynamodb", `table/${name}`));
  }

  /** Makes a queue; a name that ends in `.fifo` makes a FIFO queue. Throws ControlError as CreateQueue does. */
  async createQueue(name: string, options: QueueOptions = {}): Promise<QueueHandle> {
    const output = await this.control.call("sqs", "CreateQueue", {
      QueueName: name,
      Attributes: { ...queueAttributes(options), ...(name.endsWith(".fifo") && { FifoQueue: "true" }) },
    });
    return new QueueHandle(this.control, name, String(output["QueueUrl"]), this.#arn("sqs", name));
  }

  /** A queue by its name; whether it exists shows when it is used. */
  queue(name: string): QueueHandle {
    const url = `${this.endpoint}/${this.#info.accountId}/${name}`;
    return new QueueHandle(this.control, name, url, this.#arn("sqs", name));
  }

  /**
   * Lets a handler of this process run a function: mocks, spies, coverage and breakpoints work. The function is made if there is
   * none of that name (or ARN); one that has code of its own runs it again when the handler is detached. Resolves when
   * invocations reach the handler. Throws ControlError as CreateFunction and UpdateFunctionConfiguration do.
   *
   * @example
   * ```ts
   * await using orders = await emu.attachHandler("orders", handler, { timeout: 10 });
   * ```
   */
  async attachHandler(
    name: string,
    handler: AttachableHandler,
    options?: AttachHandlerOptions,
  ): Promise<AttachedHandler> {
    const attached = await attachHandler(this.control, name, handler, options);
    this.#made.add(attached);
    return attached;
  }

  /**
   * Bundles a TypeScript or JavaScript module and all that it imports, and deploys it as a zip function: a new one, or in the place
   * of what the function of that name had. Stack traces name the lines of the sources. What has not changed is bundled once, over
   * runs and workers (`node_modules/.cache/localemu`). Of several calls for one name the last one counts. Needs the package
   * `esbuild`. Throws an Error that names the lines where the module does not compile, and ControlError as CreateFunction does.
   *
   * @example
   * ```ts
   * const fn = await emu.deployEntry({ name: "orders-fn", entry: "./src/orders-handler.ts", environment: { TABLE: "orders" } });
   * ```
   */
  async deployEntry(options: DeployEntryOptions): Promise<FunctionHandle> {
    const bundles = (this.#bundles ??= new BundleCache(cacheDirectory(process.cwd())));
    await this.#deployments.take(options.name, () => deployEntry(this.control, bundles, options));
    return this.function(options.name);
  }

  /** Makes a topic; a name that ends in `.fifo` makes a FIFO topic. Throws ControlError as CreateTopic does. */
  async createTopic(name: string, options: TopicOptions = {}): Promise<TopicHandle> {
    const Attributes = topicAttributes(name, options);
    const output = await this.control.call("sns", "CreateTopic", { Name: name, Attributes });
    return new TopicHandle(this.control, name, String(output["TopicArn"]));
  }

  /** A topic by its name; whether it exists shows when it is used. */
  topic(name: string): TopicHandle {
    return new TopicHandle(this.control, name, this.#arn("sns", name));
  }

  /** Makes a bucket. Throws ControlError as CreateBucket does. */
  async createBucket(name: string): Promise<BucketHandle> {
    await this.control.call("s3", "CreateBucket", { Bucket: name });
    return this.bucket(name);
  }

  /** A bucket by its name; whether it exists shows when it is used. */
  bucket(name: string): BucketHandle {
    return new BucketHandle(this.control, name, `arn:${partitionOf(this.region)}:s3:::${name}`);
  }

  /** A function by its name; whether it exists shows when it is used. */
  function(name: string): FunctionHandle {
    return new FunctionHandle(this.control, name, this.#arn("lambda", `function:${name}`));
  }

  /** An event source mapping by its UUID; whether it exists shows when it is used. */
  mapping(uuid: string): MappingHandle {
    return new MappingHandle(this.control, uuid);
  }

  /**
   * Ends what was made with this object: attached handlers and worlds; then what it stands for, a world of `createWorld` or an
   * emulator of `startLocalEmu`; and the connections. Throws at last what ended an attached handler before, as `detach` does.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Ends what was made with this object, attached handlers and worlds, and nothing else. Throws as `close` does. */
  async endMade(): Promise<void> {
    const made = [...this.#made];
    this.#made.clear();
    const ends = await Promise.allSettled(made.map((each) => each[Symbol.asyncDispose]()));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  async #close(): Promise<void> {
    try {
      await this.endMade();
    } finally {
      this.control.close();
      await this.#release();
    }
  }

  #arn(service: string, resource: string): string {
    const { region, accountId } = this.#info;
    return `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}`;
  }
}

function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return "aws";
}

/** Who closes a world wants it gone: it may be, with its server. */
function isGone(error: unknown): boolean {
  return error instanceof ControlError && (error.status === 404 || error.status === undefined);
}
