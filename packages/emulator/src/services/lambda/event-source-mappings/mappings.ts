import type {
  CreateEventSourceMappingRequest,
  EventSourceMappingConfiguration,
  UpdateEventSourceMappingRequest,
} from "@aws-sdk/client-lambda";
import type { PeekedMapping } from "@localemu/control";
import type { Activity } from "../../../activity.ts";
import { awsError } from "../../../protocols/errors.ts";
import type { DocumentStore } from "../../../storage/document-store.ts";
import { withTags } from "../tags.ts";
import type { Tags } from "../tags.ts";
import { KeptMappings } from "./kept-mappings.ts";
import { configuring } from "./configuring.ts";
import { describeMapping, internalError, isConsumerArn, streamNotFound } from "./mapping.ts";
import type { Mapping, MappingState } from "./mapping.ts";
import type { MappingOptions } from "./mapping-options.ts";
import { eventSourceOf, invalid } from "./mapping-request.ts";
import type { MappedFunction } from "./ports.ts";
import { owesReports, sendOwedReports } from "./owed-reports.ts";
import { peekMapping } from "./peek-mapping.ts";
import type { QueueSource } from "./queue/queue-source.ts";
import { newQueueMembers, refuseShortVisibility } from "./queue-request.ts";
import { openSource, refuseSource, sourceNotFound } from "./running-mapping.ts";
import type { RunningMapping, StartMapping } from "./running-mapping.ts";
import { newStreamMembers } from "./stream-request.ts";

/** A mapping that changes waits for its own work to end, and does not count meanwhile. */
type MappingsOptions = Omit<MappingOptions, "keep"> & {
  readonly activity: Pick<Activity, "pause">;
  readonly documents: DocumentStore;
};

/** After a restart mappings begin to read one after the other, and others are served meanwhile: so far apart, milliseconds. */
const startSpacingMs = 5;
const longestSpreadMs = 5000;

interface Entry {
  readonly mapping: Mapping;
  running: RunningMapping | undefined;
  /** Resolves when all that ran before `running` has ended: nothing is started before. */
  ended: Promise<unknown>;
  /** Takes the start back that a mapping waits for after a restart. */
  cancelStart: (() => void) | undefined;
  /** Ends the watch for another stream of the same name. */
  readonly stopWatching: () => void;
}

/**
 * The event source mappings of a world, and what runs for them. A change is answered with the mapping as it is within the very
 * step that makes the change: it goes on from there at once.
 */
export class Mappings {
  readonly #options: MappingsOptions;
  readonly #kept: KeptMappings;
  /** For what runs. */
  readonly #running: MappingOptions;
  readonly #entries = new Map<string, Entry>();
  #made = 0;
  #closed = false;

  constructor(options: MappingsOptions) {
    this.#options = options;
    this.#kept = new KeptMappings(options.documents);
    this.#running = { ...options, keep: (mapping) => this.#keep(mapping) };
  }

  /**
   * Has the mappings again that an earlier emulator kept; those that are enabled go on after their checkpoints, soon. What they
   * read is to be there already.
   */
  restore(): void {
    const mappings = this.#kept.restore();
    const spreadMs = Math.min(mappings.filter(({ enabled }) => enabled).length * startSpacingMs, longestSpreadMs);
    for (const mapping of mappings) {
      this.#made = Math.max(this.#made, mapping.number + 1);
      const { enabled } = mapping;
      const owes = owesReports(mapping);
      if (mapping.state === "Deleting") {
        if (owes) this.#background(mapping, () => this.#end(this.#add(mapping)));
        else this.#kept.forget(mapping);
        continue;
      }
      mapping.state = enabled ? "Enabled" : owes ? "Disabling" : "Disabled";
      const entry = this.#add(mapping);
      if (enabled) this.#beginLater(entry, this.#options.ids.fraction() * spreadMs);
      else if (owes) this.#background(mapping, () => this.#disable(entry));
    }
  }

  /** Throws AwsError. */
  async create(input: CreateEventSourceMappingRequest, region: string): Promise<EventSourceMappingConfiguration> {
    const { clock, ids } = this.#options;
    const { kind, arn } = eventSourceOf(input);
    const uuid = ids.uuid();
    const members =
      kind === "stream"
        ? newStreamMembers(input, arn, clock.now(), this.#kept.progressOf(uuid))
        : newQueueMembers(input, arn);
    const tags = withTags({}, input.Tags ?? {});
    const enabled = input.Enabled ?? true;
    const mapping: Mapping = {
      uuid,
      number: this.#made++,
      region,
      eventSourceArn: arn,
      function: this.#findFunction(input.FunctionName ?? "", region),
      enabled,
      state: enabled ? "Creating" : "Disabled",
      lastModified: clock.now(),
      tags,
      ...members,
    };
    const queue = await this.#queueOf(mapping);
    const start = await openSource(mapping, this.#running);
    if (start === undefined) throw sourceNotFound(mapping);
    refuseSource(this.#options.ports, arn, mapping.function);
    if (queue !== undefined) refuseShortVisibility(queue, mapping.function);
    this.#assertNew(mapping, mapping.function);
    const entry = this.#add(mapping);
    this.#setState(mapping, mapping.state);
    if (enabled) this.#begin(entry, start, "Enabled");
    return describeMapping(mapping);
  }

  /** Throws AwsError ResourceNotFoundException. */
  get(uuid: string, region: string): Mapping {
    return this.#entry(uuid, region).mapping;
  }

  find(uuid: string, region: string): Mapping | undefined {
    const mapping = this.#entries.get(uuid)?.mapping;
    return mapping?.region === region ? mapping : undefined;
  }

  list(region: string): readonly Mapping[] {
    return [...this.#entries.values()].map(({ mapping }) => mapping).filter((mapping) => mapping.region === region);
  }

  replaceTags(mapping: Mapping, tags: Tags): void {
    mapping.tags = tags;
    this.#keep(mapping);
  }

  /** Throws AwsError. What is under way ends with the old settings; the new ones go on from the checkpoint. */
  async update(
    uuid: string,
    input: UpdateEventSourceMappingRequest,
    region: string,
  ): Promise<EventSourceMappingConfiguration> {
    const queue = await this.#queueOf(this.#entry(uuid, region).mapping);
    const entry = this.#entry(uuid, region);
    const { mapping } = entry;
    this.#assertNotInUse(mapping, "update");
    const configure = configuring(mapping, input);
    const mapped =
      input.FunctionName === undefined ? mapping.function : this.#findFunction(input.FunctionName, mapping.region);
    // One that is gone meanwhile is judged as it was.
    const current = this.#options.ports.findFunction(mapped.arn, mapping.region) ?? mapped;
    if (queue !== undefined) refuseShortVisibility(queue, current);
    if (mapped !== mapping.function) refuseSource(this.#options.ports, mapping.eventSourceArn, mapped);
    this.#assertNew(mapping, mapped);
    const wasEnabled = mapping.enabled;
    configure();
    mapping.function = mapped;
    mapping.enabled = input.Enabled ?? wasEnabled;
    mapping.lastModified = this.#options.clock.now();
    this.#setState(mapping, mapping.enabled === wasEnabled ? "Updating" : mapping.enabled ? "Enabling" : "Disabling");
    this.#background(mapping, async () => {
      if (!mapping.enabled) return this.#disable(entry);
      await this.#stopped(entry);
      const start = await openSource(mapping, this.#running);
      if (start === undefined) return this.#sourceGone(mapping);
      this.#begin(entry, start, "Enabled");
    });
    return describeMapping(mapping);
  }

  /** Throws AwsError. An invocation under way ends before the mapping is gone. */
  delete(uuid: string, region: string): EventSourceMappingConfiguration {
    const entry = this.#entry(uuid, region);
    const { mapping } = entry;
    this.#assertNotInUse(mapping, "delete");
    this.#setState(mapping, "Deleting");
    this.#background(mapping, () => this.#end(entry));
    return describeMapping(mapping);
  }

  async #disable(entry: Entry): Promise<void> {
    await this.#stopped(entry);
    if (await this.#hasToldAll(entry)) this.#setState(entry.mapping, "Disabled");
  }

  async #end(entry: Entry): Promise<void> {
    const { mapping } = entry;
    await this.#stopped(entry);
    if (!(await this.#hasToldAll(entry))) return;
    entry.stopWatching();
    this.#entries.delete(mapping.uuid);
    this.#kept.forget(mapping);
    this.#tellState(mapping, "Deleted");
  }

  /** Sends the reports that the mapping owes. False where everything stops before that: the next emulator goes on with it. */
  async #hasToldAll(entry: Entry): Promise<boolean> {
    const { mapping } = entry;
    if (!owesReports(mapping)) return true;
    const telling = sendOwedReports(mapping, this.#options, () => this.#closed);
    entry.ended = Promise.allSettled([entry.ended, telling]);
    await telling;
    return !owesReports(mapping);
  }

  peek(): PeekedMapping[] {
    return [...this.#entries.values()].map(({ mapping, running }) => peekMapping(mapping, running));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { stopWatching, cancelStart } of this.#entries.values()) {
      stopWatching();
      cancelStart?.();
    }
    await Promise.all([...this.#entries.values()].map((entry) => this.#stop(entry)));
    this.#entries.clear();
  }

  #add(mapping: Mapping): Entry {
    const stopWatching = this.#watchStream(mapping, () => entry);
    const entry: Entry = {
      mapping,
      running: undefined,
      ended: Promise.resolve(),
      cancelStart: undefined,
      stopWatching,
    };
    this.#entries.set(mapping.uuid, entry);
    return entry;
  }

  /** Starts a mapping that was kept, unless somebody changes it before. Host time: world time may stand still. */
  #beginLater(entry: Entry, delayMs: number): void {
    const { activity, host } = this.#options;
    const { mapping } = entry;
    const token = activity.begin(`starting the mapping of ${mapping.function.name}`);
    const cancel = host.setTimeout(() => {
      entry.cancelStart = undefined;
      this.#background(mapping, async () => {
        const start = await openSource(mapping, this.#running);
        if (this.#closed || entry.running !== undefined || mapping.state !== "Enabled") return;
        if (start === undefined) return this.#sourceGone(mapping);
        entry.running = start();
      });
      token.release();
    }, delayMs);
    entry.cancelStart = () => {
      cancel();
      token.release();
    };
  }

  /** A stream that is deleted and comes again under its name is read by the mappings that it had; so is a consumer. */
  #watchStream(mapping: Mapping, entryOf: () => Entry): () => void {
    if (mapping.kind !== "stream") return () => {};
    return this.#options.ports.onStreamCreated(mapping.eventSourceArn, () => {
      if (mapping.state !== "Enabled") return;
      this.#background(mapping, async () => {
        const entry = entryOf();
        await this.#stopped(entry);
        const start = await openSource(mapping, this.#running);
        // Whoever changed the mapping meanwhile has found the stream, or ended it.
        if (start === undefined || this.#closed || entry.running !== undefined || mapping.state !== "Enabled") return;
        entry.running = start();
      });
    });
  }

  /** Starts the consumers now, so that nothing put after the call is missed, and tells so as soon as the caller was answered. */
  #begin(entry: Entry, start: StartMapping, state: MappingState): void {
    if (this.#closed) return;
    entry.running = start();
    const token = this.#options.activity.begin(`starting the mapping of ${entry.mapping.function.name}`);
    this.#options.host.setImmediate(() => {
      this.#settle(entry.mapping, state);
      token.release();
    });
  }

  /** As `#stop`, for a change in the background: what ends may wait for world time, which its own tokens tell. */
  async #stopped(entry: Entry): Promise<void> {
    const resume = this.#options.activity.pause();
    try {
      await this.#stop(entry);
    } finally {
      resume();
    }
  }

  async #stop(entry: Entry): Promise<void> {
    const { running, ended } = entry;
    entry.running = undefined;
    const stopping = running?.stop();
    entry.ended = Promise.allSettled([ended, stopping]);
    await ended;
    await stopping;
  }

  /** A change that the caller does not wait for. */
  #background(mapping: Mapping, change: () => Promise<void>): void {
    const { activity, reportInternalError } = this.#options;
    const what = `changing the mapping of ${mapping.function.name}`;
    const token = activity.begin(what);
    change()
      .catch((error: unknown) => {
        reportInternalError(what, error);
        if (mapping.kind === "stream") mapping.lastProcessingResult = internalError;
        // It must not stay in use for ever.
        this.#settle(mapping, mapping.enabled ? "Enabled" : "Disabled");
      })
      .finally(() => token.release());
  }

  #findFunction(reference: string, region: string): MappedFunction {
    const mapped = this.#options.ports.findFunction(reference, region);
    if (mapped === undefined) throw invalid("Function does not exist");
    return mapped;
  }

  /** The queue of a mapping that has one, if it is there. */
  async #queueOf({ kind, eventSourceArn, function: mapped }: Mapping): Promise<QueueSource | undefined> {
    return kind === "queue" ? this.#options.ports.openQueue(eventSourceArn, mapped) : undefined;
  }

  /** No other mapping has the source of `own` and this function. */
  #assertNew(own: Mapping, mapped: MappedFunction): void {
    const { kind, eventSourceArn: arn } = own;
    for (const { mapping } of this.#entries.values()) {
      if (mapping === own || mapping.eventSourceArn !== arn || mapping.function.arn !== mapped.arn) continue;
      // AWS: two texts; the blanks within the quotes, and the function's name although they say ARN (recorded on AWS).
      const what =
        kind === "stream"
          ? `The event source arn (" ${arn} ") and function (" ${mapped.name} ") provided mapping already exists.`
          : `An event source mapping with SQS arn (" ${arn} ") and function (" ${mapped.name} ") already exists.`;
      throw awsError(
        "ResourceConflictException",
        `${what} Please update or delete the existing mapping with UUID ${mapping.uuid}`,
        { Type: "User" },
      );
    }
  }

  #assertNotInUse(mapping: Mapping, change: "update" | "delete"): void {
    if (mapping.state === "Enabled" || mapping.state === "Disabled") return;
    const message = `Cannot ${change} the event source mapping because it is in use.`;
    throw awsError("ResourceInUseException", message, { Type: "User" });
  }

  #sourceGone(mapping: Mapping): void {
    if (mapping.kind === "stream") mapping.lastProcessingResult = streamNotFound(mapping.eventSourceArn);
    const what = isConsumerArn(mapping.eventSourceArn) ? "consumer" : mapping.kind;
    const message = `there is no ${what} ${mapping.eventSourceArn}`;
    const { uuid, function: mapped } = mapping;
    this.#options.record({ type: "mapping.problem", mapping: uuid, functionName: mapped.name, message });
    this.#setState(mapping, "Enabled");
  }

  #setState(mapping: Mapping, state: MappingState): void {
    mapping.state = state;
    this.#keep(mapping);
    this.#tellState(mapping, state);
  }

  /** In the background, where nobody hears of a state that cannot be kept. */
  #settle(mapping: Mapping, state: MappingState): void {
    try {
      this.#setState(mapping, state);
    } catch (error) {
      this.#options.reportInternalError(`the state of the mapping of ${mapping.function.name}`, error);
    }
  }

  /** What is gone is not kept once more by what still ends of it. */
  #keep(mapping: Mapping): void {
    if (this.#entries.get(mapping.uuid)?.mapping === mapping) this.#kept.keep(mapping);
  }

  #tellState(mapping: Mapping, state: MappingState | "Deleted"): void {
    const { uuid, function: mapped } = mapping;
    this.#options.record({ type: "mapping.stateChanged", mapping: uuid, functionName: mapped.name, state });
  }

  #entry(uuid: string, region: string): Entry {
    const entry = this.#entries.get(uuid);
    if (entry === undefined || entry.mapping.region !== region) {
      const message = "The resource you requested does not exist.";
      throw awsError("ResourceNotFoundException", message, { Type: "User" });
    }
    return entry;
  }
}
