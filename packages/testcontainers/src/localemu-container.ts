import { randomUUID } from "node:crypto";
import type { FaultRule } from "@localemu/control";
import { connect, type LocalEmu } from "@localemu/testkit";
import { GenericContainer, type StartedTestContainer, Wait, getContainerRuntimeClient } from "testcontainers";
import { allowedHosts } from "./allowed-hosts.ts";
import { assertDataSource, dataDirectory, dataVolume } from "./data-volume.ts";
import { dockerSocket } from "./docker-socket.ts";
import { endpointOf, LOCALEMU_PORT } from "./endpoint.ts";
import { StartedLocalEmuContainer } from "./started-localemu-container.ts";

/** The image that belongs to this version of the package; the bundler puts the version in. */
const defaultImage = (): string => `localemu/localemu:${process.env["LOCALEMU_VERSION"] ?? "0.0.0"}`;

const allowedHostsVariable = "LOCALEMU_ALLOWED_HOSTS";

/** Its value is another for each start. */
const startLabel = "localemu.start";

/** How long the emulator may take to remove its functions' containers before it is killed. It ends by itself before that. */
const removalLimitMs = 10_000;

/** How often readiness is asked for. Testcontainers' own default would add up to a second to every start. */
const readyPollMs = 100;

/**
 * A container of LocalEmu, with all that `GenericContainer` offers.
 *
 * @example
 * ```ts
 * await using emu = await new LocalEmuContainer().start();
 * const kinesis = new KinesisClient(emu.getClientConfig());
 * ```
 */
export class LocalEmuContainer extends GenericContainer {
  readonly #faults: FaultRule[] = [];
  #runsImages = false;
  /** Names the start that is under way. */
  #start = "";
  #dataSource: string | undefined;

  /** @param image Default: the environment variable `LOCALEMU_IMAGE`, else `localemu/localemu` in this package's version. */
  constructor(image: string = process.env["LOCALEMU_IMAGE"] || defaultImage()) {
    super(image);
    this.withExposedPorts(LOCALEMU_PORT);
    const ready = Wait.forHttp("/_localemu/health/ready", LOCALEMU_PORT, { abortOnContainerExit: true });
    this.withWaitStrategy(ready.withReadTimeout(readyPollMs));
    // What functions leave behind becomes its child, and it is nobody who waits for children.
    this.hostConfig.Init = true;
  }

  /** The region where a request names none, and that of the handles and of `getClientConfig()`. Default `us-east-1`. */
  withRegion(region: string): this {
    return this.withEnvironment({ LOCALEMU_REGION: region });
  }

  /**
   * Time that stands still until a test moves it by `clock.advance()`; with `auto` it jumps to the next timer by itself whenever
   * `idle()` waits and nothing else can happen. Without this, time runs.
   */
  withVirtualClock(mode: "frozen" | "auto" = "frozen"): this {
    return this.withEnvironment({ LOCALEMU_CLOCK: mode });
  }

  /** World time before a failed batch of an event source mapping is tried again for the first time; it doubles from there. Milliseconds, default 25. */
  withRetryBaseDelay(milliseconds: number): this {
    return this.withEnvironment({ LOCALEMU_RETRY_BASE_DELAY_MS: String(milliseconds) });
  }

  /**
   * Lets calls of an operation fail or wait, in the default world and from the start; `faults` of the started container changes it.
   * The operation is `<service>:<Operation>`, or `<service>:*`. The start rejects with a ControlError for a fault that cannot be.
   *
   * @example
   * ```ts
   * new LocalEmuContainer().withFault("kinesis:PutRecords", {
   *   probability: 0.3,
   *   error: "ProvisionedThroughputExceededException",
   * });
   * ```
   */
  withFault(operation: string, fault: Omit<FaultRule, "operation">): this {
    this.#faults.push({ ...fault, operation });
    return this;
  }

  /**
   * Lets functions be container images, and from a zip of any runtime: they run in containers of their own beside this one, but
   * for those for Node.js, which stay processes in it unless `LOCALEMU_LAMBDA_EXECUTOR` is `docker`. Mounts the socket of the
   * Docker engine, which gives the emulator, and whoever can call it, the rights of root on the engine's machine. Functions'
   * containers are in the first network of this one, and are removed with it, also by Testcontainers' reaper.
   *
   * @example
   * ```ts
   * await using emu = await new LocalEmuContainer().withDockerLambdaExecutor().start();
   * ```
   */
  withDockerLambdaExecutor(): this {
    this.#runsImages = true;
    return this.withEnvironment({ LOCALEMU_DOCKER: "1" });
  }

  /**
   * Keeps what the default world has: a `restart()` of the container goes on from there. With a named volume, which Docker makes
   * where it is missing, or the path of a directory on this machine (absolute, or with a leading `./`), so does another container
   * that is given the same, once this one has stopped. Neither is removed with the container. With a directory the container runs
   * as the directory's owner, unless `withUser()` says otherwise. One container at a time uses it: the start of another rejects.
   *
   * @param source Default: nothing outlives the container itself. Throws an Error for what is neither a volume's name nor a path.
   * @example
   * ```ts
   * await using emu = await new LocalEmuContainer().withPersistence("orders-state").start();
   * ```
   */
  withPersistence(source?: string): this {
    if (source !== undefined) assertDataSource(source);
    this.#dataSource = source;
    return this.withEnvironment({ LOCALEMU_DATA_DIR: dataDirectory });
  }

  /**
   * Gives each environment of a function that is a process a user of its own, who can read neither the emulator's files and
   * memory nor other functions'. The container then runs as root, with no capability but those that this takes (CHOWN, KILL,
   * SETGID, SETUID; beside `withPersistence()` DAC_OVERRIDE and FOWNER, for a directory that is another's, which becomes closed to
   * others); functions have none, and cannot gain any. They can call the emulator as before, which asks nobody for permissions unless `ENFORCE_IAM` is set.
   *
   * @example
   * ```ts
   * await using emu = await new LocalEmuContainer().withFunctionUsers().start();
   * ```
   */
  withFunctionUsers(): this {
    this.hostConfig.CapDrop = ["ALL"];
    this.#addCapabilities("CHOWN", "KILL", "SETGID", "SETUID");
    this.hostConfig.SecurityOpt = withEntries(this.hostConfig.SecurityOpt, "no-new-privileges");
    return this.withUser("0").withEnvironment({ LOCALEMU_FUNCTION_USERS: "1" });
  }

  /**
   * Creates the container, waits until LocalEmu is ready and connects to it. Rejects when no Docker engine answers, when the
   * image is neither here nor to be pulled, and with the container's log when LocalEmu ends at once, e.g. for a wrong option.
   */
  override async start(): Promise<StartedLocalEmuContainer> {
    await this.#assertEngine();
    const started = await this.#startContainer();
    try {
      const connected = await this.#connect(started);
      const reconnect = (again: StartedTestContainer): Promise<LocalEmu> => this.#connect(again);
      // Testcontainers kills at once by default; containers beside this one are removed before it ends.
      const stopLimitMs = this.#runsImages ? removalLimitMs : 0;
      return new StartedLocalEmuContainer(started, connected, this.networkAliases, reconnect, stopLimitMs);
    } catch (error) {
      // Also one that is not removed when it is stopped by who has it: nobody has this one.
      const remains = await failureOf(started.stop({ remove: true, removeVolumes: true }));
      throw withRemains(error, remains);
    }
  }

  /** The emulator answers to known host names only; those by which its callers find the container are known here. */
  protected override async beforeContainerCreated(): Promise<void> {
    this.createOpts.Labels = { ...this.createOpts.Labels, ...this.#startLabels() };
    if (this.#runsImages) await this.#mountSocket();
    if (this.#dataSource !== undefined) await this.#mountData(this.#dataSource);
    const { LOCALEMU_DATA_DIR: keeps, LOCALEMU_FUNCTION_USERS: hasUsers } = this.environment;
    if (keeps !== undefined && hasUsers !== undefined) this.#addCapabilities("DAC_OVERRIDE", "FOWNER");
    const { info } = await getContainerRuntimeClient();
    const given = this.environment[allowedHostsVariable] ?? "";
    const hosts = allowedHosts(given, [...this.networkAliases, info.containerRuntime.host]);
    if (hosts === "" || hosts === given) return;
    // Not by withEnvironment alone: Testcontainers would hand over the variable twice.
    this.createOpts.Env = (this.createOpts.Env ?? []).filter((entry) => !entry.startsWith(`${allowedHostsVariable}=`));
    this.withEnvironment({ [allowedHostsVariable]: hosts });
  }

  #addCapabilities(...names: readonly string[]): void {
    this.hostConfig.CapAdd = withEntries(this.hostConfig.CapAdd, ...names);
  }

  /** By them a container is found that was made and could not be started. One that is to be found again by others has none. */
  #startLabels(): Record<string, string> {
    return this.reuse ? {} : { [startLabel]: this.#start };
  }

  /** Testcontainers leaves what it has made when something fails between that and its wait for readiness. */
  async #removeStarted(): Promise<void> {
    const { container } = await getContainerRuntimeClient();
    const made = this.reuse ? undefined : await container.fetchByLabel(startLabel, this.#start);
    await made?.remove({ force: true, v: true });
  }

  async #mountSocket(): Promise<void> {
    const { path, group } = await dockerSocket();
    // Not by withBindMounts, which would take the place of others.
    this.hostConfig.Binds = withEntries(this.hostConfig.Binds, `${path}:/var/run/docker.sock`);
    // The emulator is no root, and the socket is not everybody's.
    this.hostConfig.GroupAdd = withEntries(this.hostConfig.GroupAdd, group);
  }

  async #mountData(source: string): Promise<void> {
    const { bind, user } = await dataVolume(source);
    this.hostConfig.Binds = withEntries(this.hostConfig.Binds, bind);
    if (user !== undefined) this.createOpts.User ??= user;
  }

  async #connect(container: StartedTestContainer): Promise<LocalEmu> {
    const emu = await connect(endpointOf(container));
    try {
      // One that is reused has those of its last start.
      if (this.reuse) await emu.faults.clear();
      for (const fault of this.#faults) await emu.faults.add(fault);
      return emu;
    } catch (error) {
      await emu.close();
      throw error;
    }
  }

  async #assertEngine(): Promise<void> {
    try {
      await getContainerRuntimeClient();
    } catch (error) {
      throw new Error(
        `LocalEmuContainer needs a Docker engine, and none answers (${textOf(error)}). Without Docker, startLocalEmu() of @localemu/testkit runs LocalEmu in the test's process.`,
        { cause: error },
      );
    }
  }

  async #startContainer(): Promise<StartedTestContainer> {
    this.#start = randomUUID();
    try {
      return await super.start();
    } catch (error) {
      const remains = await failureOf(this.#removeStarted());
      if (remains !== undefined) throw withRemains(error, remains);
      const { image } = await getContainerRuntimeClient();
      if (await image.exists(this.imageName)) throw error;
      throw new Error(
        `The image ${this.imageName.string} is not on this Docker engine and could not be pulled (${textOf(error)}). Name another by new LocalEmuContainer(image) or the environment variable LOCALEMU_IMAGE; in LocalEmu's own repository, npm run image builds it.`,
        { cause: error },
      );
    }
  }
}

/** Each once, for a container may be started again: the engine refuses a mount that is there twice. */
function withEntries(list: readonly string[] = [], ...entries: readonly string[]): string[] {
  return [...new Set([...list, ...entries])];
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error ?? new Error("failed");
  }
}

/** What made a start fail, and that its container could not be removed, if so. */
function withRemains(error: unknown, remains: unknown): unknown {
  if (remains === undefined) return error;
  return new AggregateError([error, remains], `${textOf(error)} (and its container is left: ${textOf(remains)})`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
