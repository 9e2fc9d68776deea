import type { CreateEventSourceMappingRequest, UpdateEventSourceMappingRequest } from "@aws-sdk/client-lambda";
import type { PeekedMapping } from "@localemu/control";
import { awsError } from "../../../protocols/errors.ts";
import { streamNotFound } from "./mapping.ts";
import type { Mapping, MappingState } from "./mapping.ts";
import {
  configurationOf,
  defaultConfiguration,
  eventSourceOf,
  invalid,
  startingPositionOf,
} from "./mapping-request.ts";
import type { MappedFunction, StreamSource } from "./ports.ts";
import type { Checkpoint } from "./stream/checkpoint.ts";
import { StreamMapping } from "./stream-mapping.ts";
import type { StreamMappingOptions } from "./stream-mapping.ts";

interface Entry {
  readonly mapping: Mapping;
  running: StreamMapping | undefined;
}

/** The event source mappings of a world, and what runs for them. */
export class Mappings {
  readonly #options: StreamMappingOptions;
  readonly #entries = new Map<string, Entry>();
  #closed = false;

  constructor(options: StreamMappingOptions) {
    this.#options = options;
  }

  /** Throws AwsError. */
  async create(input: CreateEventSourceMappingRequest, region: string): Promise<Mapping> {
    const { clock, ids } = this.#options;
    const eventSourceArn = eventSourceOf(input);
    const startingPosition = startingPositionOf(input, clock.now());
    const configuration = configurationOf(input, defaultConfiguration);
    const mapped = this.#findFunction(input.FunctionName ?? "", region);
    const source = await this.#openStream(eventSourceArn);
    this.#assertNew(eventSourceArn, mapped);
    const enabled = input.Enabled ?? true;
    const mapping: Mapping = {
      uuid: ids.uuid(),
      region,
      eventSourceArn,
      startingPosition,
      configuration,
      function: mapped,
      enabled,
      state: enabled ? "Creating" : "Disabled",
      lastModified: clock.now(),
      lastProcessingResult: "No records processed",
      streamId: undefined,
      checkpoints: new Map(),
    };
    const entry: Entry = { mapping, running: undefined };
    this.#entries.set(mapping.uuid, entry);
    this.#tellState(mapping, mapping.state);
    if (enabled) this.#begin(entry, source, "Enabled");
    return mapping;
  }

  /** Throws AwsError ResourceNotFoundException. */
  get(uuid: string, region: string): Mapping {
    return this.#entry(uuid, region).mapping;
  }

  list(region: string): readonly Mapping[] {
    return [...this.#entries.values()].map(({ mapping }) => mapping).filter((mapping) => mapping.region === region);
  }

  /** Throws AwsError. What is under way ends with the old settings; the new ones go on from the checkpoint. */
  update(uuid: string, input: UpdateEventSourceMappingRequest, region: string): Mapping {
    const entry = this.#entry(uuid, region);
    const { mapping } = entry;
    this.#assertNotInUse(mapping, "update");
    const configuration = configurationOf(input, mapping.configuration);
    const mapped =
      input.FunctionName === undefined ? mapping.function : this.#findFunction(input.FunctionName, mapping.region);
    this.#assertNew(mapping.eventSourceArn, mapped, mapping);
    const wasEnabled = mapping.enabled;
    mapping.configuration = configuration;
    mapping.function = mapped;
    mapping.enabled = input.Enabled ?? wasEnabled;
    mapping.lastModified = this.#options.clock.now();
    this.#setState(mapping, mapping.enabled === wasEnabled ? "Updating" : mapping.enabled ? "Enabling" : "Disabling");
    this.#background(mapping, async () => {
      await this.#stop(entry);
      if (!mapping.enabled) return this.#setState(mapping, "Disabled");
      const source = await this.#options.ports.openStream(mapping.eventSourceArn);
      if (source === undefined) return this.#noStream(mapping);
      this.#begin(entry, source, "Enabled");
    });
    return mapping;
  }

  /** Throws AwsError. An invocation under way ends before the mapping is gone. */
  delete(uuid: string, region: string): Mapping {
    const entry = this.#entry(uuid, region);
    const { mapping } = entry;
    this.#assertNotInUse(mapping, "delete");
    this.#setState(mapping, "Deleting");
    this.#background(mapping, async () => {
      await this.#stop(entry);
      this.#entries.delete(uuid);
      this.#tellState(mapping, "Deleted");
    });
    return mapping;
  }

  peek(): PeekedMapping[] {
    return [...this.#entries.values()].map(({ mapping, running }) => ({
      uuid: mapping.uuid,
      functionName: mapping.function.name,
      eventSourceArn: mapping.eventSourceArn,
      state: mapping.state,
      lastProcessingResult: mapping.lastProcessingResult,
      shards: [...mapping.checkpoints].map(([shardId, checkpoint]) => ({
        shardId,
        checkpoint: checkpointText(checkpoint),
        unfinished: running?.unfinishedOf(shardId) ?? 0,
      })),
    }));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#entries.values()].map((entry) => this.#stop(entry)));
    this.#entries.clear();
  }

  /** Starts the consumers now, so that nothing put after the call is missed, and tells so as soon as the caller was answered. */
  #begin(entry: Entry, source: StreamSource, state: MappingState): void {
    if (this.#closed) return;
    entry.running = new StreamMapping(entry.mapping, source, this.#options);
    const token = this.#options.activity.begin(`starting the mapping of ${entry.mapping.function.name}`);
    this.#options.host.setImmediate(() => {
      this.#setState(entry.mapping, state);
      token.release();
    });
  }

  async #stop(entry: Entry): Promise<void> {
    const { running } = entry;
    entry.running = undefined;
    await running?.stop();
  }

  /** A change that the caller does not wait for. */
  #background(mapping: Mapping, change: () => Promise<void>): void {
    const { activity, reportInternalError } = this.#options;
    const what = `changing the mapping of ${mapping.function.name}`;
    const token = activity.begin(what);
    change()
      .catch((error: unknown) => reportInternalError(what, error))
      .finally(() => token.release());
  }

  #findFunction(reference: string, region: string): MappedFunction {
    const mapped = this.#options.ports.findFunction(reference, region);
    if (mapped === undefined) throw invalid("Function does not exist");
    return mapped;
  }

  async #openStream(arn: string): Promise<StreamSource> {
    const source = await this.#options.ports.openStream(arn);
    if (source === undefined) throw invalid(`Stream not found: ${arn}`);
    return source;
  }

  /** No other mapping than `own` has this source and this function. */
  #assertNew(eventSourceArn: string, mapped: MappedFunction, own?: Mapping): void {
    for (const { mapping } of this.#entries.values()) {
      if (mapping === own || mapping.eventSourceArn !== eventSourceArn || mapping.function.arn !== mapped.arn) continue;
      // AWS: the blanks within the quotes, and the function's name although it says ARN (recorded on AWS).
      throw awsError(
        "ResourceConflictException",
        `The event source arn (" ${eventSourceArn} ") and function (" ${mapped.name} ") provided mapping already exists. ` +
          `Please update or delete the existing mapping with UUID ${mapping.uuid}`,
        { Type: "User" },
      );
    }
  }

  #assertNotInUse(mapping: Mapping, change: "update" | "delete"): void {
    if (mapping.state === "Enabled" || mapping.state === "Disabled") return;
    const message = `Cannot ${change} the event source mapping because it is in use.`;
    throw awsError("ResourceInUseException", message, { Type: "User" });
  }

  #noStream(mapping: Mapping): void {
    mapping.lastProcessingResult = streamNotFound;
    const message = `there is no stream ${mapping.eventSourceArn}`;
    const { uuid, function: mapped } = mapping;
    this.#options.record({ type: "mapping.problem", mapping: uuid, functionName: mapped.name, message });
    this.#setState(mapping, "Enabled");
  }

  #setState(mapping: Mapping, state: MappingState): void {
    mapping.state = state;
    this.#tellState(mapping, state);
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

function checkpointText({ position }: Checkpoint): string {
  switch (position.kind) {
    case "trimHorizon":
      return "TRIM_HORIZON";
    case "atTimestamp":
      return `AT_TIMESTAMP ${new Date(position.timestamp).toISOString()}`;
    case "afterSequence":
      return position.sequence;
    case "shardEnd":
      return "SHARD_END";
  }
}
