import type {
  ControlClock,
  ControlFaults,
  Credentials,
  IdleReport,
  IdleRequest,
  PeekedMapping,
  TimelineEntry,
  TimelineQuery,
} from "@localemu/control";
import {
  type AttachableHandler,
  type AttachedHandler,
  type AttachHandlerOptions,
  type BucketHandle,
  type ClientConfig,
  type DeployEntryOptions,
  type FunctionHandle,
  type KinesisClientConfig,
  type LocalEmu,
  type MappingHandle,
  type QueueHandle,
  type QueueOptions,
  type StreamHandle,
  type TableHandle,
  type TableOptions,
  type TopicHandle,
  type TopicOptions,
} from "@localemu/testkit";
import {
  AbstractStartedContainer,
  type RestartOptions,
  type StartedTestContainer,
  type StopOptions,
  type StoppedTestContainer,
} from "testcontainers";
import { LOCALEMU_PORT } from "./endpoint.ts";

/**
 * A running container of LocalEmu: Testcontainers' methods, where to find it, and what `LocalEmu` of `@localemu/testkit` offers
 * on its default world. `await using` stops it.
 */
export class StartedLocalEmuContainer extends AbstractStartedContainer {
  readonly #networkAliases: readonly string[];
  readonly #connect: (container: StartedTestContainer) => Promise<LocalEmu>;
  readonly #stopLimitMs: number;
  #emu: LocalEmu;

  /** Use `new LocalEmuContainer().start()`. */
  constructor(
    container: StartedTestContainer,
    emu: LocalEmu,
    networkAliases: readonly string[],
    connect: (container: StartedTestContainer) => Promise<LocalEmu>,
    stopLimitMs = 0,
  ) {
    super(container);
    this.#emu = emu;
    this.#networkAliases = networkAliases;
    this.#connect = connect;
    this.#stopLimitMs = stopLimitMs;
  }

  /** The container's default world. */
  get emu(): LocalEmu {
    return this.#emu;
  }

  /** Reads and moves the default world's time. */
  get clock(): ControlClock {
    return this.#emu.clock;
  }

  /** Lets calls of the default world fail or wait. */
  get faults(): ControlFaults {
    return this.#emu.faults;
  }

  /** The port on this machine that leads to LocalEmu. */
  getPort(): number {
    return this.getMappedPort(LOCALEMU_PORT);
  }

  /** Where clients on this machine call, such as `http://127.0.0.1:32768`: an IP address wherever it can be, so that S3 clients use path style. */
  getEndpoint(): string {
    return this.#emu.endpoint;
  }

  /** The same as `getEndpoint()`, by the name that Testcontainers' modules use. */
  getConnectionUri(): string {
    return this.getEndpoint();
  }

  /**
   * Where other containers of its network call: by its last network alias, such as `http://aws:4566`, or by its IP address if it
   * has none. Throws when it has no address of its own, e.g. in network mode `host`.
   */
  getInternalEndpoint(): string {
    const [network = ""] = this.getNetworkNames();
    const host = this.#networkAliases.at(-1) ?? this.getIpAddress(network);
    if (host === "") {
      throw new Error(`The container has no address in the network ${JSON.stringify(network)}; see withNetwork()`);
    }
    return `http://${host}:${LOCALEMU_PORT}`;
  }

  /** The region of the handles and of `getClientConfig()`. */
  getRegion(): string {
    return this.#emu.region;
  }

  /** The account that owns everything: twelve digits. */
  getAccountId(): string {
    return this.#emu.accountId;
  }

  /** Credentials that lead to the default world; others do too. */
  getCredentials(): Credentials {
    return this.getClientConfig().credentials;
  }

  /** Endpoint, region and credentials for a client of the AWS SDK: `new KinesisClient(emu.getClientConfig())`. */
  getClientConfig(): ClientConfig {
    return this.#emu.getClientConfig();
  }

  /** The same for a Kinesis client that sends all its requests over one HTTP/2 session. */
  getKinesisClientConfig(): KinesisClientConfig {
    return this.#emu.getKinesisClientConfig();
  }

  /** The environment variables with which a process on this machine reaches LocalEmu. */
  getEnvironment(): Readonly<Record<string, string>> {
    return this.#emu.getEnvironment();
  }

  /** Waits until nothing more can happen, as `LocalEmu.idle` does. */
  idle(request?: IdleRequest): Promise<IdleReport> {
    return this.#emu.idle(request);
  }

  /** Drops everything that the default world holds; a container that is reused wants that first. */
  reset(): Promise<void> {
    return this.#emu.reset();
  }

  /** What has happened in the default world, oldest first. */
  timeline(range?: TimelineQuery): Promise<readonly TimelineEntry[]> {
    return this.#emu.timeline(range);
  }

  /** All event source mappings of the default world, with how far each has come. */
  mappings(): Promise<readonly PeekedMapping[]> {
    return this.#emu.mappings();
  }

  /** Makes a world of its own in the container, e.g. one for each test file. It ends when it is closed, or 10 s after this process ended. */
  createWorld(name?: string): Promise<LocalEmu> {
    return this.#emu.createWorld(name);
  }

  /** Makes a stream with `shards` shards, default 1. Throws ControlError as CreateStream does. */
  createStream(name: string, options?: { readonly shards?: number }): Promise<StreamHandle> {
    return this.#emu.createStream(name, options);
  }

  /** A stream by its name; whether it exists shows when it is used. */
  stream(name: string): StreamHandle {
    return this.#emu.stream(name);
  }

  /** Makes a table with a stream, unless `stream` is false. Throws ControlError as CreateTable does. */
  createTable(name: string, options?: TableOptions): Promise<TableHandle> {
    return this.#emu.createTable(name, options);
  }

  /** A table by its name; whether it exists shows when it is used. */
  table(name: string): TableHandle {
    return this.#emu.table(name);
  }

  /** Makes a queue; a name that ends in `.fifo` makes a FIFO queue. Throws ControlError as CreateQueue does. */
  createQueue(name: string, options?: QueueOptions): Promise<QueueHandle> {
    return this.#emu.createQueue(name, options);
  }

  /** A queue by its name; whether it exists shows when it is used. */
  queue(name: string): QueueHandle {
    return this.#emu.queue(name);
  }

  /** Makes a topic; a name that ends in `.fifo` makes a FIFO topic. Throws ControlError as CreateTopic does. */
  createTopic(name: string, options?: TopicOptions): Promise<TopicHandle> {
    return this.#emu.createTopic(name, options);
  }

  /** A topic by its name; whether it exists shows when it is used. */
  topic(name: string): TopicHandle {
    return this.#emu.topic(name);
  }

  /** Makes a bucket. Throws ControlError as CreateBucket does. */
  createBucket(name: string): Promise<BucketHandle> {
    return this.#emu.createBucket(name);
  }

  /** A bucket by its name; whether it exists shows when it is used. */
  bucket(name: string): BucketHandle {
    return this.#emu.bucket(name);
  }

  /** A function by its name; whether it exists shows when it is used. */
  function(name: string): FunctionHandle {
    return this.#emu.function(name);
  }

  /**
   * Bundles a TypeScript or JavaScript module of this machine and deploys it as a zip function, as `LocalEmu.deployEntry` does.
   * Needs the package `esbuild`. Throws an Error where the module does not compile, and ControlError as CreateFunction does.
   *
   * @example
   * ```ts
   * const fn = await emu.deployEntry({ name: "orders-fn", entry: "./src/orders-handler.ts" });
   * ```
   */
  deployEntry(options: DeployEntryOptions): Promise<FunctionHandle> {
    return this.#emu.deployEntry(options);
  }

  /** Lets a handler of this process run a function, as `LocalEmu.attachHandler` does. It ends with the container, at the latest. */
  attachHandler(name: string, handler: AttachableHandler, options?: AttachHandlerOptions): Promise<AttachedHandler> {
    return this.#emu.attachHandler(name, handler, options);
  }

  /** An event source mapping by its UUID; whether it exists shows when it is used. */
  mapping(uuid: string): MappingHandle {
    return this.#emu.mapping(uuid);
  }

  /**
   * Restarts the container, which empties it unless it was made with `withPersistence()`. Docker maps another port then: ask for
   * endpoint and handles again. Throws at last what ended an attached handler before.
   */
  override async restart(options?: Partial<RestartOptions>): Promise<void> {
    const [closed] = await Promise.allSettled([this.#emu.close()]);
    await super.restart(options);
    this.#emu = await this.#connect(this);
    if (closed.status === "rejected") throw closed.reason;
  }

  /**
   * Ends what polls from here, handlers and leases of worlds, then the container, which ends its functions. Throws at last what
   * ended an attached handler before.
   */
  override async stop(options?: Partial<StopOptions>): Promise<StoppedTestContainer> {
    const [closed] = await Promise.allSettled([this.#emu.close()]);
    const stopped = await super.stop({ timeout: this.#stopLimitMs, ...options });
    if (closed.status === "rejected") throw closed.reason;
    return stopped;
  }
}
