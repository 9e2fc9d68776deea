import type {
  FaultRule,
  FunctionState,
  PeekedBucket,
  PeekedFunction,
  PeekedMapping,
  PeekedQueue,
  PeekedStream,
  PeekedTable,
  PeekedTopic,
  TimelineEvent,
} from "@localemu/control";
import { Activity } from "./activity.ts";
import { accountId } from "./core/arns.ts";
import type { HostTime } from "./core/host-time.ts";
import type { Ids } from "./core/ids.ts";
import { defaultWorldName } from "./gateway/world-prefix.ts";
import { seededRandom } from "./core/random.ts";
import { WorldClock } from "./core/world-clock.ts";
import { Faults } from "./faults.ts";
import type { Observer } from "./observer.ts";
import type { Settings } from "./options.ts";
import { WorldError } from "./world-error.ts";
import { WorldServices } from "./world-services.ts";
import type { ServerResources } from "./world-services.ts";
import { TimeControl } from "./time-control.ts";
import { keepingNothing } from "./storage/keeping.ts";
import type { Keeping, KeptData } from "./storage/keeping.ts";
import { clockKeeper, startClock } from "./storage/kept-clock.ts";
import { Timeline } from "./timeline.ts";
import { credentialsCollection } from "./worlds.ts";
import type { IssuedCredentials, WorldCredentials } from "./worlds.ts";

/** What a world is made of, apart from what its server has for all worlds. */
export interface WorldOptions {
  readonly name: string;
  readonly credentials: WorldCredentials;
  readonly issued: IssuedCredentials;
  readonly settings: Settings;
  readonly host: HostTime;
  readonly ids: Ids;
  readonly resources: ServerResources;
  readonly observer: Observer;
  /** What the world keeps, if it outlives its emulator. */
  readonly data?: KeptData | undefined;
}

/** Everything that one user of the emulator sees: state, services, clock, activity and timeline. It has no port. */
export class World {
  readonly name: string;
  readonly credentials: WorldCredentials;
  readonly accountId = accountId;
  readonly region: string;
  /** Counts calls and tells of them. */
  readonly observer: Observer;
  readonly timeline: Timeline;
  readonly #options: WorldOptions;
  readonly #onClose = new Set<() => void>();
  #life: Life;
  /** The end of what resets have ended so far. */
  #resets: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.name = options.name;
    this.credentials = options.credentials;
    this.region = options.settings.region;
    this.observer = options.observer;
    this.#life = this.#begin(false);
    this.timeline = new Timeline({ now: () => this.#life.clock.now() });
    this.timeline.follow((event) => this.observer.happened(this.name, event));
  }

  get clock(): WorldClock {
    return this.#life.clock;
  }

  get activity(): Activity {
    return this.#life.activity;
  }

  get time(): TimeControl {
    return this.#life.time;
  }

  get faults(): Faults {
    return this.#life.faults;
  }

  get services(): WorldServices {
    return this.#life.services;
  }

  get keeping(): Keeping {
    return this.#life.keeping;
  }

  /** Makes what a world has from the start, and goes on with what it was doing. A call that comes before that is over finds it as well. */
  async prepare(): Promise<void> {
    if (this.#initialStreams().length > 0) await this.services.kinesis();
    await this.services.loadKept(this.keeping.services);
  }

  /** Everything stored, but nothing consumed; undefined when there is no such stream. */
  peekStream(region: string, name: string): PeekedStream | undefined {
    return this.services.loadedKinesis?.peek(region, name);
  }

  peekTable(region: string, name: string): PeekedTable | undefined {
    return this.services.loadedDynamoDb?.peek(region, name);
  }

  peekQueue(region: string, name: string): PeekedQueue | undefined {
    return this.services.loadedMessaging?.peekQueue(region, name);
  }

  peekTopic(region: string, name: string): PeekedTopic | undefined {
    return this.services.loadedMessaging?.peekTopic(region, name);
  }

  /** Buckets belong to no region. */
  peekBucket(name: string, key?: string): PeekedBucket | undefined {
    return this.services.loadedMessaging?.peekBucket(name, key);
  }

  peekFunction(region: string, name: string): PeekedFunction | undefined {
    return this.services.loadedLambda?.peekFunction(region, name);
  }

  peekFunctions(region: string): readonly FunctionState[] {
    return this.services.loadedLambda?.peekFunctions(region) ?? [];
  }

  /** The zip of a function's code, by its hash in base64; undefined when no function has it. */
  async functionCode(sha256: string): Promise<Buffer | undefined> {
    return this.services.loadedLambda?.readCode(sha256);
  }

  peekMappings(): readonly PeekedMapping[] {
    return this.services.loadedLambda?.mappings.peek() ?? [];
  }

  /**
   * Ends all that runs and forgets all that is stored, also what is kept; name, credentials and timeline followers stay.
   * Throws WorldError UnknownWorld when the world was closed meanwhile, and DataError when what is kept cannot be dropped.
   */
  async reset(): Promise<void> {
    if (this.#closed) throw new WorldError("UnknownWorld", `the world ${this.name} is gone`);
    const before = this.#life;
    this.#life = this.#begin(true);
    // Their holders went with what is forgotten.
    this.#options.issued.withdraw();
    // What still ends in it is no part of what is kept from now on.
    before.keeping.end();
    this.timeline.clear();
    this.timeline.append({ type: "world.reset" });
    const ended = end(before);
    // Whether it succeeds is told to who asked for the reset.
    this.#resets = Promise.allSettled([this.#resets, ended]);
    await ended;
    await this.prepare();
  }

  /**
   * Reads no stream or queue for a function any more, and waits for what is under way. False where that was not over at
   * `deadline`, host monotonic time.
   */
  async drain(deadline: number): Promise<boolean> {
    const lambda = this.services.loadedLambda;
    lambda?.mappings.close().catch((error: unknown) => this.reportInternalError("end of mappings", error));
    return this.activity.settled({ deadline });
  }

  /** Calls `listener` when the world closes; the returned function takes that back. */
  onClose(listener: () => void): () => void {
    this.#onClose.add(listener);
    return () => this.#onClose.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const listener of this.#onClose) listener();
    this.#onClose.clear();
    await Promise.all([end(this.#life), this.#resets]);
  }

  /** Tells a bug of ours on the timeline: never swallowed, never a crash. */
  reportInternalError(where: string, error: unknown): void {
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
    this.timeline.append({ type: "internalError", where, message, ...(stack === undefined ? {} : { stack }) });
  }

  #initialStreams(): WorldOptions["settings"]["kinesisInitialStreams"] {
    return this.name === defaultWorldName ? this.#options.settings.kinesisInitialStreams : [];
  }

  #begin(withNothing: boolean): Life {
    const { host, ids, settings, resources, issued } = this.#options;
    const keeping = this.#options.data?.begin(withNothing) ?? keepingNothing;
    const { documents, openLog } = keeping;
    const { accessKeyId, secretAccessKey } = this.credentials;
    documents.put(credentialsCollection, this.name, { accessKeyId, secretAccessKey });
    const onTimerError = (error: unknown): void => this.reportInternalError("timer", error);
    const clock = new WorldClock(host, onTimerError, clockKeeper(keeping, settings.clock));
    startClock(clock, keeping, settings.clock);
    const activity = new Activity(host);
    // What a reset ends has no place among what happens after it.
    const record = (event: TimelineEvent): void => {
      if (this.#life === life) this.timeline.append(event);
    };
    const faults = new Faults({ random: seededRandom(settings.seed), clock, activity, record });
    for (const rule of faultsOf(settings)) faults.add(rule);
    const services = new WorldServices({
      worldName: this.name,
      settings,
      initialStreams: this.#initialStreams(),
      clock,
      host,
      ids,
      activity,
      documents,
      openLog,
      commit: () => keeping.commit(),
      resources,
      ownKey: accessKeyId,
      issueCredentials: issued.issue,
      holdTime: () => clock.hold(),
      faults,
      record,
      functionWrote: (group, stream, message) => this.observer.functionWrote(this.name, group, stream, message),
      reportInternalError: (where, error) => this.reportInternalError(where, error),
    });
    const life = { clock, activity, time: new TimeControl(clock, activity, host), faults, services, keeping };
    return life;
  }
}

/** What a reset replaces. */
interface Life {
  readonly clock: WorldClock;
  readonly activity: Activity;
  readonly time: TimeControl;
  readonly faults: Faults;
  readonly services: WorldServices;
  readonly keeping: Keeping;
}

/** The faults that a world begins with. */
function faultsOf({ kinesisErrorProbability: probability }: Settings): FaultRule[] {
  const error = "ProvisionedThroughputExceededException";
  if (probability === 0) return [];
  return ["PutRecord", "PutRecords"].map((name) => ({ operation: `kinesis:${name}`, probability, error }));
}

async function end(life: Life): Promise<void> {
  life.faults.close();
  try {
    await life.services.close();
  } finally {
    life.clock.close();
  }
}
