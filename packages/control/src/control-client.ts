/// <reference lib="esnext.disposable" preserve="true" />
import type {
  AttachedFunction,
  AttachRequest,
  ClockRequest,
  ClockState,
  CreateWorldRequest,
  Fault,
  FaultRule,
  FunctionState,
  IdleReport,
  IdleRequest,
  Info,
  PeekedBucket,
  PeekedFunction,
  PeekedMapping,
  PeekedQueue,
  PeekedStream,
  PeekedTable,
  PeekedTopic,
  TimelineQuery,
  WorldInfo,
} from "./contract.ts";
import { serverSentData } from "./server-sent-events.ts";
import type { TimelineEntry } from "./timeline.ts";
import { type ControlRequest, Transport } from "./transport.ts";

/** Whatever an operation takes or gives as JSON: blobs are base64 strings, timestamps seconds since the epoch. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A resource's region; default: the region of the emulator. */
export interface InRegion {
  readonly region?: string;
}

/** Ends a call that waits; it then rejects with the signal's reason. */
export interface Abortable {
  readonly signal?: AbortSignal | undefined;
}

/** Keeps a world alive until it is disposed (or the process ends). It does not keep the process alive. */
export interface Lease extends Disposable {
  /** The world that is held. */
  readonly world: string;
}

/** Reads and moves a world's time. Every change answers with the time after it. */
export interface ControlClock {
  /** The mode and the world's time. */
  read(): Promise<ClockState>;
  /** Stops time, now or at a world time in milliseconds since the epoch that is not before now. */
  freeze(at?: number): Promise<ClockState>;
  /** Sets time to a world time in milliseconds since the epoch, not before now; timers on the way fire in order. */
  set(to: number): Promise<ClockState>;
  /** Moves time forward by milliseconds; each timer on the way fires at its time and its work is waited for. */
  advance(ms: number): Promise<ClockState>;
  /** Lets time run with the host's. */
  resume(): Promise<ClockState>;
  /** Jumps to the next timer whenever somebody waits for idle. */
  auto(): Promise<ClockState>;
}

/** Reads what is stored, consuming nothing. Throws ControlError `NotFound` (status 404) where nothing has the name. */
export interface Peek {
  /** Every record that a stream keeps, by shard. */
  stream(name: string, options?: InRegion): Promise<PeekedStream>;
  table(name: string, options?: InRegion): Promise<PeekedTable>;
  /** Every message of a queue, hidden ones included. */
  queue(name: string, options?: InRegion): Promise<PeekedQueue>;
  /** What was published to a topic, and who subscribes to it. */
  topic(name: string, options?: InRegion): Promise<PeekedTopic>;
  /** Every object of a bucket, or the one that has `key`. */
  bucket(name: string, options?: { readonly key?: string }): Promise<PeekedBucket>;
  /** A function with its environments and what it was invoked with. */
  function(name: string, options?: InRegion): Promise<PeekedFunction>;
  /** All functions of a region. */
  functions(options?: InRegion): Promise<readonly FunctionState[]>;
  /** How far an event source mapping has come. */
  mapping(uuid: string): Promise<PeekedMapping>;
  /** All event source mappings of the world. */
  mappings(): Promise<readonly PeekedMapping[]>;
}

/** Lets calls fail or wait, by rules. */
export interface ControlFaults {
  /**
   * Adds a rule; it comes before those that are there.
   *
   * @example
   * ```ts
   * await control.faults.add({ operation: "kinesis:PutRecord", error: "ProvisionedThroughputExceededException", times: 2 });
   * ```
   */
  add(rule: FaultRule): Promise<Fault>;
  /** Oldest first, each with how often it was met. */
  list(): Promise<readonly Fault[]>;
  /** Throws ControlError when there is no such fault. */
  remove(id: string): Promise<void>;
  /** Removes all of them. */
  clear(): Promise<void>;
}

/**
 * Client of the control API (`/_localemu/…`) of one endpoint, hence of one world.
 * Neither fake timers nor request mocks of a test reach it; it does not keep an otherwise finished process alive.
 * Every method throws ControlError when nothing listens or the call is refused.
 *
 * @example
 * ```ts
 * await using control = new ControlClient("http://127.0.0.1:4566");
 * await control.idle();
 * for (const entry of await control.timeline()) console.log(describeTimelineEvent(entry));
 * ```
 */
export class ControlClient implements AsyncDisposable {
  readonly #transport: Transport;
  /** Moves the world's time. */
  readonly clock: ControlClock;
  /** Reads without consuming. */
  readonly peek: Peek;
  /** Lets calls fail or wait. */
  readonly faults: ControlFaults;

  /**
   * @param endpoint Such as `http://127.0.0.1:4566`, or with a world's prefix `http://127.0.0.1:4566/_world/mine`.
   */
  constructor(endpoint: string) {
    this.#transport = new Transport(endpoint);
    this.clock = {
      read: () => this.#get<ClockState>("clock"),
      freeze: (at) => this.#moveClock({ action: "freeze", ...(at !== undefined && { at }) }),
      set: (to) => this.#moveClock({ action: "set", to }),
      advance: (ms) => this.#moveClock({ action: "advance", ms }),
      resume: () => this.#moveClock({ action: "resume" }),
      auto: () => this.#moveClock({ action: "auto" }),
    };
    this.peek = {
      stream: (name, options) => this.#get<PeekedStream>(`peek/streams/${encodeURIComponent(name)}${query(options)}`),
      table: (name, options) => this.#get<PeekedTable>(`peek/tables/${encodeURIComponent(name)}${query(options)}`),
      queue: (name, options) => this.#get<PeekedQueue>(`peek/queues/${encodeURIComponent(name)}${query(options)}`),
      topic: (name, options) => this.#get<PeekedTopic>(`peek/topics/${encodeURIComponent(name)}${query(options)}`),
      bucket: (name, options) => this.#get<PeekedBucket>(`peek/buckets/${encodeURIComponent(name)}${query(options)}`),
      function: (name, options) =>
        this.#get<PeekedFunction>(`peek/functions/${encodeURIComponent(name)}${query(options)}`),
      functions: async (options) =>
        (await this.#get<{ functions: readonly FunctionState[] }>(`peek/functions${query(options)}`)).functions,
      mapping: (uuid) => this.#get<PeekedMapping>(`peek/mappings/${encodeURIComponent(uuid)}`),
      mappings: async () => (await this.#get<{ mappings: readonly PeekedMapping[] }>("peek/mappings")).mappings,
    };
    this.faults = {
      add: (rule) => this.#json<Fault>({ method: "POST", path: "faults", body: rule }),
      list: async () => (await this.#get<{ faults: readonly Fault[] }>("faults")).faults,
      remove: async (id) => {
        await this.#transport.text({ method: "DELETE", path: `faults/${encodeURIComponent(id)}` });
      },
      clear: async () => {
        await this.#transport.text({ method: "DELETE", path: "faults" });
      },
    };
  }

  /** The endpoint that is called, without a slash at the end. */
  get endpoint(): string {
    return this.#transport.endpoint;
  }

  /** Version, region, account, and the world that this endpoint leads to. */
  info(): Promise<Info> {
    return this.#get<Info>("info");
  }

  /** Every world of the server. */
  async worlds(): Promise<readonly WorldInfo[]> {
    return (await this.#get<{ worlds: readonly WorldInfo[] }>("worlds")).worlds;
  }

  /** Makes a world: own state, clock, timeline and credentials. */
  createWorld(request: CreateWorldRequest = {}): Promise<WorldInfo> {
    return this.#json<WorldInfo>({ method: "POST", path: "worlds", body: request });
  }

  /** Stops everything in a world and drops its state. */
  async deleteWorld(name: string): Promise<void> {
    await this.#transport.text({ method: "DELETE", path: `worlds/${encodeURIComponent(name)}` });
  }

  /** Keeps a world with a lease alive; once the returned lease is disposed, the world ends after 10 s. */
  async holdLease(name: string): Promise<Lease> {
    const response = await this.#transport.stream({
      method: "GET",
      path: `worlds/${encodeURIComponent(name)}/lease`,
      headers: { accept: "text/event-stream" },
      silenceMs: 0,
    });
    // The server ends a lease when the world is deleted or the server stops: then there is nothing left to hold.
    response.on("error", () => {});
    response.resume();
    response.socket.unref();
    return { world: name, [Symbol.dispose]: () => void response.destroy() };
  }

  /** Drops everything that the world holds; running work is stopped first. */
  async reset(): Promise<void> {
    await this.#transport.text({ method: "POST", path: "reset" });
  }

  /**
   * Waits until nothing more can happen in the world by itself: at most `timeoutMs` (default 10 000) of host time.
   * With a frozen clock and a timer left it answers `sleeping` at once.
   */
  idle({ timeoutMs = 10_000, signal }: IdleRequest & Abortable = {}): Promise<IdleReport> {
    return this.#json<IdleReport>({
      method: "POST",
      path: "idle",
      body: { timeoutMs },
      signal,
      silenceMs: timeoutMs + 30_000,
    });
  }

  /** What has happened in the world, oldest first. */
  async timeline(range: TimelineQuery = {}): Promise<readonly TimelineEntry[]> {
    const lines = await this.#transport.text({ method: "GET", path: `timeline${query(range)}` });
    return lines
      .split("\n")
      .filter((line) => line !== "")
      .map(parseEntry);
  }

  /**
   * What has happened and what happens, until the signal is aborted or the world ends; both end the iteration without an error.
   *
   * @example
   * ```ts
   * for await (const entry of control.followTimeline({ after: 17, signal })) console.log(describeTimelineEvent(entry));
   * ```
   */
  async *followTimeline({ signal, ...range }: TimelineQuery & Abortable = {}): AsyncGenerator<TimelineEntry, void> {
    const request: ControlRequest = {
      method: "GET",
      path: `timeline${query(range)}`,
      headers: { accept: "text/event-stream" },
      signal,
      silenceMs: 0,
    };
    try {
      const response = await this.#transport.stream(request);
      for await (const data of serverSentData(response)) yield parseEntry(data);
    } catch (error) {
      if (signal?.aborted === true) return;
      throw this.#transport.failure(request, error);
    }
  }

  /**
   * Performs an AWS operation, for example `call("kinesis", "PutRecord", { StreamName, Data: base64, PartitionKey })`.
   * Throws ControlError with AWS's code, message and status when AWS would refuse.
   */
  call(service: string, operation: string, input: JsonObject = {}, { region }: InRegion = {}): Promise<JsonObject> {
    return this.#json<JsonObject>({
      method: "POST",
      path: `aws/${encodeURIComponent(service)}/${encodeURIComponent(operation)}`,
      body: input,
      ...(region !== undefined && { headers: { "x-localemu-region": region } }),
    });
  }

  /** Makes a function without code where there is none of the name, else changes the settings that are given; see {@link AttachedFunction}. */
  attachFunction(name: string, request: AttachRequest = {}): Promise<AttachedFunction> {
    return this.#json<AttachedFunction>({ method: "POST", path: `runtime/${encodeURIComponent(name)}`, body: request });
  }

  /** Throws ControlError `ResourceNotFoundException` where there is no such function. */
  attachedFunction(name: string): Promise<AttachedFunction> {
    return this.#get<AttachedFunction>(`runtime/${encodeURIComponent(name)}`);
  }

  /** Stops a function's time limits, where it is run from outside, and world time: for who is at a breakpoint. */
  async pauseFunction(name: string): Promise<void> {
    await this.#transport.text({ method: "POST", path: `runtime/${encodeURIComponent(name)}/pause` });
  }

  /** Lets them go on. */
  async resumeFunction(name: string): Promise<void> {
    await this.#transport.text({ method: "POST", path: `runtime/${encodeURIComponent(name)}/resume` });
  }

  /** Ends calls in flight, leases and followed timelines. */
  close(): void {
    this.#transport.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  #moveClock(request: ClockRequest): Promise<ClockState> {
    return this.#json<ClockState>({ method: "POST", path: "clock", body: request });
  }

  #get<Answer>(path: string): Promise<Answer> {
    return this.#json<Answer>({ method: "GET", path });
  }

  #json<Answer>(request: ControlRequest): Promise<Answer> {
    return this.#transport.json<Answer>(request);
  }
}

function parseEntry(json: string): TimelineEntry {
  return JSON.parse(json);
}

function query(parameters: InRegion | TimelineQuery | { readonly key?: string } = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? "" : `?${given.toString()}`;
}
