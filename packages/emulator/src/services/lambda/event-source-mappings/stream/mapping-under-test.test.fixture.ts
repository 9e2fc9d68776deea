import { isDeepStrictEqual } from "node:util";
import { Activity } from "../../../../activity.ts";
import { fakeHostTime } from "../../../../core/fake-host-time.ts";
import { randomIds } from "../../../../core/ids.ts";
import { WorldClock } from "../../../../core/world-clock.ts";
import { memoryDocuments } from "../../../../storage/memory-documents.ts";
import { KeptMappings } from "../kept-mappings.ts";
import type { MappingOfStream, StartingPosition, StreamConfiguration } from "../mapping.ts";
import type { MappingOptions } from "../mapping-options.ts";
import type { Invoked, StreamSource } from "../ports.ts";
import { quickBackoff } from "../settings.ts";
import { StreamMapping } from "../stream-mapping.ts";
import { exampleMapping, mappedFunction } from "./example-mapping.test.fixture.ts";
import { numberOf, numbersOf as list } from "./example-records.ts";
import { FakeStream } from "./fake-stream.test.fixture.ts";
import type { Answer, Happening, StartingPoint } from "./happening.test.fixture.ts";
import { OwedReports } from "./owed-reports.test.fixture.ts";
import { ReaderLife } from "./reader-life.test.fixture.ts";
import { readerOf, RecordLedger, runOf } from "./record-ledger.test.fixture.ts";
import type { Reader } from "./record-ledger.test.fixture.ts";
import { invokedAs, WaitingCalls } from "./waiting-calls.test.fixture.ts";
import { watchedCheckpoints } from "./watched-checkpoints.test.fixture.ts";
import { WindowLedger } from "./window-ledger.test.fixture.ts";

interface Running {
  readonly mapping: StreamMapping;
  readonly stream: FakeStream;
  readonly reader: Reader;
  readonly life: ReaderLife;
}

/**
 * A mapping with its stream, its function and its destination in the test's hands. What must not be is told at the end, with
 * what led to it.
 */
export class MappingUnderTest {
  /** The types of what the timeline was told. */
  readonly events = new Set<string>();
  readonly #host = fakeHostTime();
  readonly #clock = new WorldClock(this.#host, (error) => this.#fail(`a timer threw ${String(error)}`));
  readonly #activity = new Activity(this.#host);
  readonly #ledger = new RecordLedger((problem) => this.#fail(problem));
  readonly #windows = new WindowLedger((problem) => this.#fail(problem));
  readonly #kept = new KeptMappings(memoryDocuments());
  readonly #owedReports = new OwedReports();
  #stream: FakeStream;
  #streams = 1;
  #mapping: MappingOfStream;
  #running: Running | undefined;
  #stopping = false;
  #invocations = new WaitingCalls<Invoked>();
  #reports = new WaitingCalls<boolean>();
  /** Counts what the activity was told: it stands still when nothing goes on by itself. */
  #changes = 0;
  #turns: number | undefined;
  readonly #story: string[] = [];
  /** The first thing that must not be. */
  #problem: string | undefined;
  #stoppedLives: ReaderLife[] = [];

  constructor(shards: number) {
    this.#clock.setMode("frozen");
    this.#watchActivity();
    this.#stream = new FakeStream("stream-1", shards, this.#clock);
    this.#mapping = exampleMapping({ kind: "TRIM_HORIZON" }, {}, new Map());
  }

  /** Creates the mapping and starts it. */
  async begin(from: StartingPoint, change: Partial<StreamConfiguration>): Promise<void> {
    const now = this.#clock.now();
    const start: StartingPosition =
      typeof from === "number"
        ? { kind: "AT_TIMESTAMP", timestamp: new Date(now - from) }
        : ({ kind: from } satisfies StartingPosition);
    const { checkpoints, givenUp } = this.#kept.progressOf("a-mapping");
    this.#mapping = exampleMapping(start, change, this.#watchedCheckpoints(checkpoints), givenUp);
    this.#kept.keep(this.#mapping);
    this.#windows.begin(this.#mapping.configuration, this.#mapping.configuration);
    const since = { TRIM_HORIZON: 0, LATEST: "now", AT_TIMESTAMP: typeof from === "number" ? now - from : 0 } as const;
    this.#tell(`the mapping begins at ${from} with ${JSON.stringify(change)}`);
    this.#ledger.begin(since[start.kind]);
    this.#start();
    await this.#settle();
  }

  async happen(happening: Happening): Promise<void> {
    this.#tell(JSON.stringify(happening));
    // Whoever acts on a world is counted while he does.
    const token = this.#activity.begin("whoever acts");
    const passed = this.#act(happening);
    token.release();
    await passed;
    if (happening.do === "rush") this.#turns = happening.turns;
    else await this.#comeToRest();
  }

  /** Lets everything succeed until nothing is left to do. Throws if not all was done then, or something was amiss before. */
  async finish(): Promise<void> {
    await this.#finish();
    if (this.#problem !== undefined) throw new Error(`${this.#problem}\n${this.#story.join("\n")}`);
  }

  async #finish(): Promise<void> {
    this.#tell("everything succeeds from now on");
    this.#turns = undefined;
    await this.#settle();
    for (let steps = 0; steps < 2000 && this.#problem === undefined && (await this.#stepToTheEnd()); steps++);
    if (this.#clock.hasWorkTimers || this.#activity.count > 0) this.#fail(`busy for ever: ${this.#busy()}`);
    this.#expectAllSettled("at the end");
    if (this.#stream.deleted) return;
    for (const report of this.#owedReports.left) this.#fail(`this report was not repeated: ${report}`);
    this.#tell("it starts once more");
    this.#change();
    await this.#settle();
    const again = this.#invocations.pick(0);
    if (again !== undefined) this.#fail(`all was done, but ${list(again.sequences)} is delivered again`);
    await this.happen({ do: "disable" });
    if (this.#stream.listeners > 0) this.#fail("listeners are left");
  }

  async #comeToRest(): Promise<void> {
    const turns = this.#turns;
    this.#turns = undefined;
    if (turns === undefined) return this.#settle();
    for (let turn = 0; turn < turns; turn++) await this.#turn();
  }

  async #stepToTheEnd(): Promise<boolean> {
    const timer = this.#clock.nextWorkTimer;
    if (this.#invocations.count > 0) await this.happen({ do: "answer", which: 0, with: "success", at: 0 });
    else if (this.#reports.count > 0) await this.happen({ do: "takeReport", which: 0, well: true });
    else if (this.#running === undefined && !this.#stopping && !this.#stream.deleted)
      await this.happen({ do: "enable" });
    else if (this.#running?.stream !== this.#stream && !this.#stream.deleted)
      await this.happen({ do: "update", to: {} });
    else if (timer !== undefined) await this.happen({ do: "pass", ms: timer.at - this.#clock.now() });
    else return false;
    return true;
  }

  #act(happening: Happening): Promise<void> | void {
    switch (happening.do) {
      case "put":
        return happening.keys.forEach((key) => this.#put(key, happening.skip));
      case "split":
      case "merge":
        return this.#stream.deleted ? undefined : this.#tell(this.#stream[happening.do](happening.which));
      case "trim":
        return this.#tell(this.#stream.trim(happening.which, happening.count));
      case "rush":
        return;
      case "pass":
        return this.#pass(this.#clock.now() + happening.ms);
      case "answer":
        return this.#answer(happening.which, happening.with, happening.at);
      case "takeReport":
        return this.#reports.pick(happening.which)?.answer(happening.well);
      case "update":
        this.#configure(happening.to);
        return this.#change();
      case "disable":
      case "enable":
        this.#mapping.enabled = happening.do === "enable";
        this.#kept.keep(this.#mapping);
        return this.#change();
      case "crash":
        return this.#crash();
      case "delete":
        return this.#stream.deleted ? undefined : this.#stream.delete();
      case "create":
        if (!this.#stream.deleted) return;
        this.#streams++;
        this.#stream = new FakeStream(`stream-${this.#streams}`, 2, this.#clock);
    }
  }

  #configure(change: Partial<StreamConfiguration>): void {
    const before = this.#mapping.configuration;
    this.#mapping.configuration = { ...before, ...change };
    this.#kept.keep(this.#mapping);
    this.#windows.begin(this.#mapping.configuration, before);
  }

  #put(key: number, skip: boolean): void {
    const stream = this.#stream;
    if (stream.deleted) return;
    stream.put(key, JSON.stringify({ skip }), ({ shardId, record }) => {
      this.#ledger.put(stream, shardId, record, skip);
      this.#tell(`${record.partitionKey} ${numberOf(record.sequence)} in ${shardId}`);
    });
  }

  async #pass(target: number): Promise<void> {
    await this.#settle();
    for (let next = this.#clock.nextTimer; next !== undefined && next.at <= target; next = this.#clock.nextTimer) {
      this.#clock.moveTo(next.at);
      this.#clock.fireDue();
      await this.#settle();
    }
    this.#clock.moveTo(target);
  }

  #answer(which: number, answer: Answer, at: number): void {
    const waiting = this.#invocations.pick(which);
    if (waiting === undefined) return;
    const { reader, shardId, sequences } = waiting;
    const first = at % Math.max(1, sequences.length);
    this.#tell(`${answer} for ${list(sequences)}`);
    const isDone = answer === "success" || ((answer === "partial" || answer === "badResponse") && !reader.readsReports);
    const done = isDone ? sequences : answer === "partial" ? sequences.slice(0, first) : [];
    this.#ledger.processed(reader, shardId, done);
    waiting.answer(invokedAs(answer, sequences[first] ?? "", waiting.stateAfter(done, isDone)));
  }

  /** As an update does: stops what runs, and starts it again from its checkpoints if it is enabled. */
  #change(): void {
    if (this.#stopping) return;
    const running = this.#running;
    if (running === undefined) return this.#startIfEnabled();
    void this.#stop(running);
  }

  async #stop({ mapping, life }: Running): Promise<void> {
    this.#stopping = true;
    const token = this.#activity.begin("stopping");
    const end = life.hold(() => token.release());
    await mapping.stop();
    if (life.crashed) return;
    this.#stoppedLives.push(life);
    if (this.#invocations.count + this.#reports.count > 0) this.#fail("something is under way after a stop");
    this.#ended();
    this.#startIfEnabled();
    end();
  }

  /** The process is gone, with all that was under way in it; what was stored is left. */
  #crash(): void {
    const running = this.#running;
    if (running === undefined) return;
    running.life.crash();
    this.#invocations = new WaitingCalls();
    this.#reports = new WaitingCalls();
    this.#owedReports.crash(this.#mapping.givenUp);
    for (const kept of this.#kept.restore()) {
      if (kept.kind === "stream") this.#mapping = { ...kept, checkpoints: this.#watchedCheckpoints(kept.checkpoints) };
    }
    this.#ended();
    this.#startIfEnabled();
  }

  #ended(): void {
    this.#running = undefined;
    this.#ledger.reader = undefined;
    this.#stopping = false;
  }

  #startIfEnabled(): void {
    if (this.#mapping.enabled && !this.#stream.deleted) this.#start();
  }

  #start(): void {
    const reader = readerOf(this.#stream, this.#mapping.configuration);
    const life = new ReaderLife(this.#clock, this.#host, this.#activity);
    this.#ledger.reader = reader;
    const token = this.#activity.begin("starting");
    const mapping = new StreamMapping(this.#mapping, this.#source(reader, life), this.#options(reader, life));
    this.#running = { mapping, stream: this.#stream, reader, life };
    token.release();
  }

  #source(reader: Reader, life: ReaderLife): StreamSource {
    const { stream } = reader;
    return {
      arn: stream.arn,
      name: stream.name,
      region: stream.region,
      retentionMs: stream.retentionMs,
      streamId: stream.streamId,
      shards: () => stream.shards(),
      latest: () => stream.latest(),
      read: (shardId, after, most) => {
        const result = stream.read(shardId, after, most);
        if (result.kind === "records") this.#ledger.read(reader, shardId, result.records);
        return result;
      },
      onChange: (shardId, listener) => life.hold(stream.onChange(shardId, listener)),
    };
  }

  #options(reader: Reader, life: ReaderLife): MappingOptions {
    /** A process that is gone reaches nobody. */
    const unlessCrashed = <Result>(reach: () => Promise<Result>): Promise<Result> =>
      life.crashed ? new Promise(() => {}) : reach();
    return {
      clock: life.clock,
      host: life.host,
      activity: life.activity,
      ids: randomIds(),
      backoff: quickBackoff,
      keep: (mapping) => this.#kept.keep(mapping),
      record: (event) => {
        if (life.crashed) return;
        this.events.add(event.type);
        if (event.type !== "mapping.recordsDiscarded") return;
        if (!this.#owedReports.isFormer(event)) this.#ledger.discarded(reader, event, this.#clock.now());
      },
      reportInternalError: (where, error) => this.#fail(`a bug at ${where}: ${String(error)}`),
      ports: {
        openStream: () => Promise.resolve(undefined),
        onStreamCreated: () => () => {},
        openQueue: () => Promise.resolve(undefined),
        openDestination: () => Promise.resolve({ send: (report) => unlessCrashed(() => this.#report(reader, report)) }),
        findFunction: () => mappedFunction,
        invoke: (_arn, _region, payload) => unlessCrashed(() => this.#invoke(reader, payload)),
      },
    };
  }

  #invoke(reader: Reader, payload: string): Promise<Invoked> {
    const { shardId, sequences, closes, stateAfter } = this.#windows.given(payload, reader.stream.streamId);
    this.#tell(
      closes ? `  invoked to close a window of ${shardId}` : `  invoked with ${list(sequences)} of ${shardId}`,
    );
    if (!closes) this.#ledger.deliver(reader, shardId, sequences, this.#clock.now());
    return new Promise((answer) => this.#invocations.add({ reader, shardId, sequences, stateAfter, answer }));
  }

  #report(reader: Reader, report: string): Promise<void> {
    const run = runOf(report);
    const { shardId, from, to } = run;
    this.#tell(`  reported ${numberOf(from)} to ${numberOf(to)} of ${shardId}`);
    if (!this.#owedReports.sent(report, reader, run)) this.#ledger.reported(reader, run);
    return new Promise((resolve, reject) => {
      const answer = (well: boolean): void => (well ? resolve() : reject(new Error("the queue is gone")));
      this.#reports.add({ reader, shardId, sequences: [from, to], stateAfter: () => undefined, answer });
    });
  }

  #watchedCheckpoints(kept: MappingOfStream["checkpoints"]): MappingOfStream["checkpoints"] {
    const checkpoints = watchedCheckpoints(kept, (shardId, { position }, before) => {
      const { reader } = this.#ledger;
      const isOfTheLiving = reader !== undefined && this.#mapping.checkpoints === checkpoints;
      const onlyWindows = isDeepStrictEqual(before?.position, position);
      if (isOfTheLiving && !onlyWindows) this.#ledger.checkpoint(reader, shardId, position);
    });
    return checkpoints;
  }

  /** Idle is what a world is when nothing is under way and no work timer is set: all must be done then. */
  #watchActivity(): void {
    const begin = this.#activity.begin.bind(this.#activity);
    this.#activity.begin = (label) => {
      this.#changes++;
      const token = begin(label);
      return {
        release: () => {
          this.#changes++;
          token.release();
          const isQuiet = this.#activity.count === 0 && !this.#clock.hasWorkTimers;
          if (isQuiet && this.#running !== undefined) this.#expectAllSettled("idle");
        },
      };
    };
  }

  #expectAllSettled(when: string): void {
    const left = this.#ledger.unsettled();
    if (left.length > 0) this.#fail(`${when}, but nothing became of ${left.join(", ")}`);
  }

  /** Lets the event loop turn until nothing goes on without the test: two turns, for a promise may take one. */
  async #settle(): Promise<void> {
    for (let quiet = 0, seen = -1; quiet < 2; quiet = seen === this.#changes ? quiet + 1 : 0) {
      seen = this.#changes;
      await this.#turn();
    }
    const left = this.#stoppedLives.some(({ held }) => held > 0);
    if (left) this.#fail(`timers, tokens or listeners are left after a stop: ${this.#busy()}`);
    this.#stoppedLives = [];
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => this.#host.setImmediate(resolve));
  }

  #busy(): string {
    return [...this.#activity.busy(), this.#clock.nextWorkTimer].map((busy) => busy?.label).join(", ");
  }

  #tell(line: string): void {
    this.#story.push(line);
  }

  #fail(problem: string): void {
    if (this.#problem !== undefined) return;
    this.#problem = problem;
    this.#tell(`PROBLEM: ${problem}`);
  }
}
