import { TaskGroup } from "../../core/task-group.ts";
import type { DeployedCode } from "./code/code-store.ts";
import { fingerprintOf } from "./code/live-directory.ts";
import { imageCode, imageFacts, imageOfRuntime, imagesOf, provideImage } from "./code/image-code.ts";
import { noCodeSha256 } from "./code/no-code.ts";
import type { FunctionPool, PoolSpec } from "./invoke/ports.ts";
import { worldIsGone } from "./lambda-error.ts";
import { LivingEnvironments } from "./living-environments.ts";
import type { LambdaPorts } from "./ports.ts";
import { allVersions } from "./function-versions.ts";
import { Provisioning } from "./provisioning.ts";
import type { CodeFacts, FunctionStore, FunctionVersion, LambdaFunction } from "./state/function-store.ts";

/** A version's code and configuration as its environments have them. */
interface Deployment {
  readonly pool: FunctionPool;
  readonly code: DeployedCode;
  /** Of a directory whose changes are followed: what it was when an environment last found it changed. */
  fingerprint: string | undefined;
}

/** Code that can be run, and what is told of it. */
export interface ProvidedCode {
  readonly facts: CodeFacts;
  readonly code: DeployedCode;
}

/** Code that cannot run before an image is there. */
export interface LaterCode {
  /** The image by its name. */
  readonly image: string;
  /** Gets the image. Rejects with why there is none. */
  provide(signal: AbortSignal): Promise<ProvidedCode>;
  /** Called when nobody waits for it any more. */
  end(): void;
}

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
  /** What ends the pull of a function's image. */
  readonly #pulls = new Map<LambdaFunction, AbortController>();
  #closed = false;

  constructor(ports: LambdaPorts, functions: FunctionStore) {
    this.#ports = ports;
    this.#functions = functions;
    this.#environments = new LivingEnvironments(ports);
    this.#tasks = new TaskGroup((error, label) => ports.reportInternalError(label, error));
  }

  pool(version: FunctionVersion): FunctionPool | undefined {
    return this.#current.get(version)?.pool;
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
      for (const version of allVersions(fn)) this.#activate(version);
      this.#functions.keep(fn);
    });
  }

  /** Deploys a function of an earlier emulator as it was kept. What was not Active yet is so at once, or begins anew. */
  restore(fn: LambdaFunction, codeOf: (version: FunctionVersion) => DeployedCode): void {
    const { code, settings, state } = fn.latest;
    const image = code.image?.uri ?? imageOfRuntime(this.#ports, settings.runtime, code);
    if (state === "Pending" && image !== undefined) {
      const later = this.#restoreLater(image, code, () => codeOf(fn.latest));
      return this.#provideLater(fn, later, (error) => (error instanceof Error ? error.message : String(error)));
    }
    for (const version of allVersions(fn)) {
      if (version.state === "Failed") continue;
      this.#put(fn, version, version.code.image === undefined ? codeOf(version) : imageCode(version.code));
      version.state = "Active";
      version.lastUpdate = "Successful";
    }
  }

  /**
   * Deploys a new function as soon as its image is there: until then it is Pending and cannot be invoked. It is Failed, by the
   * words of `failure`, if there is none.
   */
  createLater(fn: LambdaFunction, later: LaterCode, failure: (error: unknown) => string): void {
    this.#ports.record({ type: "function.created", functionName: fn.name, region: fn.region });
    this.#provideLater(fn, later, failure);
  }

  /** The image may have been pulled, or not: it is asked for once more. */
  #restoreLater(image: string, facts: CodeFacts, restoreCode: () => DeployedCode): LaterCode {
    const code = facts.image === undefined ? restoreCode() : imageCode(facts);
    return {
      image,
      provide: async (signal) => {
        const found = await provideImage(imagesOf(this.#ports), image, signal);
        if (facts.image === undefined) return { facts, code: code.share() };
        const provided = imageFacts(image, found, facts.architecture);
        return { facts: provided, code: imageCode(provided) };
      },
      end: () => code.release(),
    };
  }

  #provideLater(fn: LambdaFunction, later: LaterCode, failure: (error: unknown) => string): void {
    const token = this.#ports.activity.begin(`pull of the image of ${fn.name}`);
    const pull = new AbortController();
    this.#pulls.set(fn, pull);
    this.#tasks.spawn(`creation of ${fn.name}`, async (signal) => {
      try {
        const provided = await later.provide(AbortSignal.any([signal, pull.signal])).catch(failure);
        const isThere = !signal.aborted && this.#functions.has(fn);
        if (typeof provided !== "string") {
          if (isThere) this.#deployProvided(fn, provided);
          provided.code.release();
        } else if (isThere) this.#fail(fn, provided);
      } finally {
        this.#pulls.delete(fn);
        // What a stop leaves waiting stays kept for the next emulator: the last one to let go of code has it forgotten.
        if (!signal.aborted) later.end();
        token.release();
      }
    });
  }

  #fail(fn: LambdaFunction, failure: string): void {
    for (const version of allVersions(fn)) {
      version.state = "Failed";
      version.failure = failure;
    }
    this.#functions.keep(fn);
  }

  #deployProvided(fn: LambdaFunction, { facts, code }: ProvidedCode): void {
    for (const version of allVersions(fn)) {
      version.code = facts;
      this.#put(fn, version, code.share());
      this.#activate(version);
    }
    if (fn.publication.code !== undefined) fn.publication = { ...fn.publication, code: facts };
    this.#functions.keep(fn);
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
      this.#activate(fn.latest);
      if (published !== undefined) this.#activate(published);
      this.#functions.keep(fn);
      this.#ports.record({ type: "function.updated", functionName: fn.name, region: fn.region });
    });
  }

  /** Deploys a version that was published from the `$LATEST` that is in force. */
  publish(fn: LambdaFunction, version: FunctionVersion): void {
    this.#put(fn, version, this.code(fn));
    this.#functions.keep(fn);
  }

  delete(fn: LambdaFunction): void {
    this.#pulls.get(fn)?.abort();
    this.#provisioning.set(fn, new Map());
    for (const version of allVersions(fn)) this.deleteVersion(fn, version);
    this.#ports.record({ type: "function.deleted", functionName: fn.name, region: fn.region });
  }

  /** Ends the environments of one version, each when what it runs has ended. */
  deleteVersion(fn: LambdaFunction, version: FunctionVersion): void {
    const deployment = this.#current.get(version);
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

  #activate(version: FunctionVersion): void {
    version.state = "Active";
    version.lastUpdate = "Successful";
    version.revisionId = this.#ports.ids.uuid();
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

/** Code of an earlier emulator is unpacked, and a directory looked at whose changes are followed. */
function prepare(deployment: Deployment): Promise<void> | undefined {
  const { code, fingerprint } = deployment;
  const preparing = code.prepare();
  return code.isLive && fingerprint === undefined ? lookAt(deployment, preparing) : preparing;
}

async function lookAt(deployment: Deployment, preparing: Promise<void> | undefined): Promise<void> {
  await preparing;
  const fingerprint = await fingerprintOf(deployment.code.directory);
  deployment.fingerprint ??= fingerprint;
}
