import { TaskGroup } from "../../core/task-group.ts";
import type { DeployedCode } from "./code/code-store.ts";
import { fingerprintOf } from "./code/live-directory.ts";
import { prepare } from "./deployment.ts";
import type { Deployment } from "./deployment.ts";
import { imageCode, imageOfRuntime, laterImage, laterZip } from "./code/image-code.ts";
import type { LaterCode, ProvidedCode } from "./code/later-code.ts";
import { noCodeSha256 } from "./code/no-code.ts";
import type { FunctionPool, PoolSpec } from "./invoke/ports.ts";
import { Inactivity } from "./inactivity.ts";
import { ImagePulls } from "./image-pulls.ts";
import { worldIsGone } from "./lambda-error.ts";
import { LivingEnvironments } from "./living-environments.ts";
import type { LambdaPorts } from "./ports.ts";
import { allVersions, findVersion } from "./function-versions.ts";
import { Provisioning } from "./provisioning.ts";
import type { FunctionStore, FunctionVersion, LambdaFunction } from "./state/function-store.ts";

/**
 * Brings functions into force: new ones, changed ones (invocations that run finish on the old deployment, later ones get
 * the new one), published versions and deleted ones. Each version has environments of its own.
 */
export class Deployments {
  readonly #ports: LambdaPorts;
  readonly #functions: FunctionStore;
  readonly #tasks: TaskGroup;
  readonly #current = new Map<FunctionVersion, Deployment>();
  readonly #provisioning = new Provisioning();
  /** By pool: whose it is, also after its deployment was replaced. */
  readonly #pools = new Map<FunctionPool, string>();
  readonly #environments: LivingEnvironments;
  readonly #pulls: ImagePulls;
  readonly #inactivity: Inactivity;
  #closed = false;

  constructor(ports: LambdaPorts, functions: FunctionStore) {
    this.#ports = ports;
    this.#functions = functions;
    this.#environments = new LivingEnvironments(ports);
    this.#tasks = new TaskGroup((error, label) => ports.reportInternalError(label, error));
    this.#pulls = new ImagePulls(ports, functions, this.#tasks);
    this.#inactivity = new Inactivity({
      ports,
      functions,
      tasks: this.#tasks,
      // Assumed: environments that are kept ready keep all that they need.
      isKept: (fn, version) => this.#provisioning.of(fn, version) > 0 || version.lastUpdate === "InProgress",
      // Of an image that is gone they fail, as is told of them then.
      restored: (fn, version) => this.#provisioning.of(fn, version) > 0 && this.#startNow(fn, version),
    });
  }

  pool(version: FunctionVersion): FunctionPool | undefined {
    return this.#current.get(version)?.pool;
  }

  /** Where an invocation goes; undefined where the version is not Active. One that is Inactive begins to be restored. */
  poolForInvocation(fn: LambdaFunction, version: FunctionVersion): FunctionPool | undefined {
    if (version.state === "Inactive") this.#inactivity.restore(fn, version);
    if (version.state === "Restoring") return undefined;
    this.#inactivity.used(version);
    return this.pool(version);
  }

  /** How many environments versions are to have ready. */
  get provisioning(): Omit<Provisioning, "set"> {
    return this.#provisioning;
  }

  /** Has these versions of a function have so many environments ready, and others none. */
  provision(fn: LambdaFunction, counts: ReadonlyMap<FunctionVersion, number>): void {
    for (const version of this.#provisioning.set(fn, counts)) {
      const provisioned = this.#current.get(version)?.pool.provisioned;
      if (provisioned?.requested !== (counts.get(version) ?? 0) || provisioned.failed)
        this.#startEnvironments(fn, version);
    }
  }

  /** As many as there are to be, also when that changes until its code is prepared. */
  #startEnvironments(fn: LambdaFunction, version: FunctionVersion): void {
    if (version.state === "Inactive" && this.#provisioning.of(fn, version) > 0) this.#inactivity.restore(fn, version);
    // They start when it is over.
    if (version.state !== "Restoring") this.#startNow(fn, version);
  }

  #startNow(fn: LambdaFunction, version: FunctionVersion): void {
    const deployment = this.#current.get(version);
    if (deployment === undefined) return;
    const start = (): void => deployment.pool.provision(this.#provisioning.of(fn, version));
    const preparing = this.#provisioning.of(fn, version) === 0 ? undefined : prepare(deployment);
    if (preparing === undefined) return start();
    const label = `environments of ${fn.name}`;
    const token = this.#ports.activity.begin(label);
    this.#tasks.spawn(label, async () => {
      try {
        await preparing;
      } finally {
        // Without their code they fail, as is told of them then.
        if (this.#current.get(version) === deployment) start();
        token.release();
      }
    });
  }

  /**
   * Has a version begin anew whose code is a directory that has changed since it was last invoked; undefined where the code
   * is no such directory. Invocations that run finish in the old environments. Kept code is unpacked.
   */
  follow(fn: LambdaFunction, version: FunctionVersion): Promise<void> | undefined {
    const code = this.#current.get(version)?.code;
    if (code === undefined) return undefined;
    return code.prepare() ?? (code.isLive ? this.#follow(fn, version, code.directory) : undefined);
  }

  async #follow(fn: LambdaFunction, version: FunctionVersion, directory: string): Promise<void> {
    const fingerprint = await fingerprintOf(directory);
    const current = this.#current.get(version);
    // A directory that is gone for a moment is being written anew.
    if (fingerprint === undefined || current?.code.directory !== directory || this.#closed) return;
    if (current.fingerprint === fingerprint) return;
    const isFirst = current.fingerprint === undefined;
    current.fingerprint = fingerprint;
    if (isFirst) return;
    this.#put(fn, version, current.code.share(), fingerprint);
    this.#retire(fn, current);
    this.#ports.record({ type: "function.updated", functionName: fn.name, region: fn.region });
  }

  /** Every pool of a function that may still run something. */
  pools(functionArn: string): FunctionPool[] {
    return [...this.#pools].filter(([, arn]) => arn === functionArn).map(([pool]) => pool);
  }

  /** The environments of all of a function's versions that live, oldest first. */
  environments(fn: LambdaFunction): { readonly environment: string; readonly state: "starting" | "ready" }[] {
    return this.#environments.of(fn);
  }

  /** The code of `$LATEST` that is in force, for one more user. */
  code(fn: LambdaFunction): DeployedCode {
    const deployment = this.#current.get(fn.latest);
    if (deployment === undefined) throw new Error(`function ${fn.name} is not deployed`);
    return deployment.code.share();
  }

  /**
   * Deploys a new function, and the version that is published with it: both can be invoked at once, and are Active in the
   * next turn of the event loop.
   */
  create(fn: LambdaFunction, code: DeployedCode, published: FunctionVersion | undefined): void {
    this.#put(fn, fn.latest, code);
    if (published !== undefined) this.#put(fn, published, code.share());
    this.#ports.record({ type: "function.created", functionName: fn.name, region: fn.region });
    this.#nextTurn(`creation of ${fn.name}`, () => {
      if (!this.#functions.has(fn)) return;
      for (const version of allVersions(fn)) this.#activate(fn, version);
      this.#functions.keep(fn);
    });
  }

  /** Deploys a function of an earlier emulator as it was kept. What was not Active yet is so at once, or begins anew. */
  restore(fn: LambdaFunction, codeOf: (version: FunctionVersion) => DeployedCode): void {
    const { code, settings, state, nextImage } = fn.latest;
    if (state === "Pending" && code.image !== undefined)
      return this.#provide(fn, laterImage(this.#ports, { uri: code.image.uri, architecture: code.architecture }));
    if (state === "Pending" && imageOfRuntime(this.#ports, settings.runtime, code) !== undefined)
      return this.#provide(fn, laterZip(this.#ports, settings.runtime, { facts: code, code: codeOf(fn.latest) }));
    for (const version of allVersions(fn)) {
      const isWaiting = nextImage !== undefined && version.state === "Pending";
      if (version.state === "Failed" || isWaiting) continue;
      this.#put(fn, version, version.code.image === undefined ? codeOf(version) : imageCode(version.code));
      if (version.lastUpdate !== "Failed") version.lastUpdate = "Successful";
      if (version.state === "Inactive") continue;
      version.state = "Active";
      this.#inactivity.watch(fn, version);
    }
    if (nextImage === undefined) return;
    const published = fn.published.get(String(fn.publication.number));
    this.updateLater(fn, nextImage, published?.state === "Pending" ? published : undefined);
  }

  /** Deploys a new function as soon as its image is there: until then it is Pending and cannot be invoked. It is Failed if there is none. */
  createLater(fn: LambdaFunction, later: LaterCode): void {
    this.#ports.record({ type: "function.created", functionName: fn.name, region: fn.region });
    this.#provide(fn, later);
  }

  #provide(fn: LambdaFunction, later: LaterCode): void {
    this.#pulls.begin(fn, later, {
      provided: (provided) => {
        for (const version of allVersions(fn)) this.#deployProvided(fn, version, provided);
        if (fn.publication.code !== undefined) fn.publication = { ...fn.publication, code: provided.facts };
        this.#functions.keep(fn);
      },
      failed: (reason) => {
        for (const version of allVersions(fn)) fail(version, reason);
        this.#functions.keep(fn);
      },
    });
  }

  #deployProvided(fn: LambdaFunction, version: FunctionVersion, { facts, code }: ProvidedCode): void {
    // A published one may have been deleted meanwhile.
    if (findVersion(fn, version.version) !== version) return;
    version.code = facts;
    this.#put(fn, version, code.share());
    this.#activate(fn, version);
  }

  /**
   * Has an image take the place of `$LATEST`'s as soon as it is there, and be the version that is published with it: until then
   * the old one runs. The update is Failed if there is none.
   */
  updateLater(
    fn: LambdaFunction,
    image: NonNullable<FunctionVersion["nextImage"]>,
    published: FunctionVersion | undefined,
  ): void {
    const { latest } = fn;
    latest.lastUpdate = "InProgress";
    latest.nextImage = image;
    this.#functions.keep(fn);
    this.#pulls.begin(fn, laterImage(this.#ports, image), {
      provided: (provided) => {
        latest.nextImage = undefined;
        const old = this.#current.get(latest);
        this.#deployProvided(fn, latest, provided);
        if (old !== undefined) this.#retire(fn, old);
        if (published !== undefined) {
          this.#deployProvided(fn, published, provided);
          fn.publication = { ...fn.publication, code: provided.facts };
        }
        this.#functions.keep(fn);
        this.#ports.record({ type: "function.updated", functionName: fn.name, region: fn.region });
      },
      failed: (reason) => {
        latest.nextImage = undefined;
        latest.lastUpdate = "Failed";
        latest.failure = reason;
        if (published !== undefined) fail(published, reason);
        this.#functions.keep(fn);
      },
    });
  }

  /**
   * Deploys changed code or settings of `$LATEST`: in force in the next turn of the event loop. The version that is
   * published with them can be invoked at once, and is Active in that turn.
   */
  update(fn: LambdaFunction, code: DeployedCode, published?: FunctionVersion): void {
    fn.latest.lastUpdate = "InProgress";
    this.#functions.keep(fn);
    if (published !== undefined) this.#put(fn, published, code.share());
    this.#nextTurn(`update of ${fn.name}`, () => {
      const old = this.#current.get(fn.latest);
      if (old === undefined || !this.#functions.has(fn)) return code.release();
      this.#put(fn, fn.latest, code);
      this.#retire(fn, old);
      this.#activate(fn, fn.latest);
      if (published !== undefined) this.#activate(fn, published);
      this.#functions.keep(fn);
      this.#ports.record({ type: "function.updated", functionName: fn.name, region: fn.region });
    });
  }

  /** Deploys a version that was published from the `$LATEST` that is in force. */
  publish(fn: LambdaFunction, version: FunctionVersion): void {
    this.#put(fn, version, this.code(fn));
    this.#inactivity.watch(fn, version);
    this.#functions.keep(fn);
  }

  delete(fn: LambdaFunction): void {
    this.#pulls.end(fn);
    this.#provisioning.set(fn, new Map());
    for (const version of allVersions(fn)) this.deleteVersion(fn, version);
    this.#ports.record({ type: "function.deleted", functionName: fn.name, region: fn.region });
  }

  /** Ends the environments of one version, each when what it runs has ended. */
  deleteVersion(fn: LambdaFunction, version: FunctionVersion): void {
    const deployment = this.#current.get(version);
    this.#inactivity.forget(version);
    this.#current.delete(version);
    if (deployment !== undefined) this.#retire(fn, deployment);
  }

  /** Ends all environments at once, whatever they do. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#current.clear();
    await Promise.all([...this.#pools.keys()].map((pool) => pool.kill()));
    await this.#tasks.close();
  }

  #activate(fn: LambdaFunction, version: FunctionVersion): void {
    version.lastUpdate = "Successful";
    version.failure = undefined;
    version.revisionId = this.#ports.ids.uuid();
    const isAway = version.state === "Inactive" || version.state === "Restoring";
    if (isAway) return this.#inactivity.restore(fn, version);
    version.state = "Active";
    this.#inactivity.watch(fn, version);
  }

  /** Where there was a deployment before, its end is the caller's. */
  #put(fn: LambdaFunction, version: FunctionVersion, code: DeployedCode, fingerprint?: string): void {
    if (this.#closed) throw worldIsGone();
    const { settings } = version;
    const { variables, credentials } = this.#ports.functionEnvironment(version.origin, {
      functionName: fn.name,
      functionArn: fn.arn,
      role: settings.role,
    });
    const pool = this.#ports.runtime.createPool({
      functionName: fn.name,
      version: version.version,
      region: fn.region,
      runtime: settings.runtime ?? "",
      handler: settings.handler ?? "",
      ...this.#imageOf(version),
      memorySizeMb: settings.memorySizeMb,
      timeoutMs: settings.timeoutSeconds * 1000,
      taskRoot: code.directory,
      codeInPlace: code.isLive,
      ...(code.layers === undefined ? {} : { optRoot: code.layers.directory }),
      hasCode: code.sha256 !== noCodeSha256,
      environment: settings.environment ?? {},
      defaultEnvironment: variables,
      credentials,
      logGroup: settings.logGroup,
      logFormat: settings.logFormat,
      logLevel: settings.applicationLogLevel,
      systemLogLevel: settings.systemLogLevel,
      onLog: (stream, timestamp, message) =>
        this.#ports.writeLog(fn.region, settings.logGroup, stream, timestamp, message),
      onEnvironment: this.#environments.listener(fn),
    });
    this.#pools.set(pool, fn.arn);
    this.#current.set(version, { pool, code, fingerprint });
    if (this.#provisioning.of(fn, version) > 0) this.#startEnvironments(fn, version);
  }

  /** What a version runs in, if that is a container. */
  #imageOf({ settings, code }: FunctionVersion): Pick<PoolSpec, "image"> {
    const id = code.image?.id ?? imageOfRuntime(this.#ports, settings.runtime, code);
    return id === undefined ? {} : { image: { ...settings.imageConfig, id } };
  }

  /** The environments end when what they run has ended; the code goes with the last of them. */
  #retire(fn: LambdaFunction, { pool, code }: Deployment): void {
    this.#tasks.spawn(`end of the environments of ${fn.name}`, async () => {
      await pool.close();
      this.#pools.delete(pool);
      code.release();
    });
  }

  #nextTurn(label: string, step: () => void): void {
    const token = this.#ports.activity.begin(label);
    this.#ports.host.setImmediate(() => {
      try {
        if (!this.#closed) step();
      } catch (error) {
        this.#ports.reportInternalError(label, error);
      } finally {
        token.release();
      }
    });
  }
}

function fail(version: FunctionVersion, reason: string): void {
  version.state = "Failed";
  version.failure = reason;
}
