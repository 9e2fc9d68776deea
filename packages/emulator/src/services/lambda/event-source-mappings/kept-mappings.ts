import type { DocumentStore } from "../../../storage/document-store.ts";
import { checkpointDocument, checkpointOf } from "./checkpoint-documents.ts";
import type { CheckpointDocument } from "./checkpoint-documents.ts";
import type { Mapping, StreamProgress } from "./mapping.ts";
import { givenUpDocument, givenUpOf, mappingDocument, mappingOf } from "./mapping-documents.ts";
import type { GivenUpDocument, MappingDocument } from "./mapping-documents.ts";
import type { Checkpoint } from "./stream/checkpoint.ts";
import { GivenUp } from "./stream/given-up.ts";
import type { GivenUpRun } from "./stream/given-up.ts";

const mappings = "lambda.mappings";
/** By `<mapping>/<shard>`. */
const checkpoints = "lambda.checkpoints";
/** By `<mapping>/<shard>/<first sequence number>`. */
const givenUp = "lambda.givenUp";

/** Mappings, and how far they have come, as they outlive the emulator. */
export class KeptMappings {
  readonly #documents: DocumentStore;

  constructor(documents: DocumentStore) {
    this.#documents = documents;
  }

  keep(mapping: Mapping): void {
    this.#documents.put(mappings, mapping.uuid, mappingDocument(mapping));
  }

  forget(mapping: Mapping): void {
    this.#documents.delete(mappings, mapping.uuid);
    if (mapping.kind === "queue") return;
    mapping.checkpoints.clear();
    mapping.givenUp.clear();
  }

  /** What is kept of a mapping's shards while it runs. */
  progressOf(uuid: string, kept: Iterable<[string, Checkpoint]> = [], runs: Iterable<GivenUpRun> = []): StreamProgress {
    const documents = this.#documents;
    const keyOf = ({ shardId, from }: GivenUpRun): string => `${uuid}/${shardId}/${from}`;
    return {
      checkpoints: new KeptCheckpoints(documents, uuid, kept),
      givenUp: new GivenUp(runs, {
        keep: (run) => documents.put(givenUp, keyOf(run), givenUpDocument(uuid, run)),
        forget: (run) => documents.delete(givenUp, keyOf(run)),
      }),
    };
  }

  /** In the order in which they were made. */
  restore(): Mapping[] {
    const kept = this.#documents.read<MappingDocument>(mappings);
    const checkpointsOf = Map.groupBy(this.#documents.read<CheckpointDocument>(checkpoints), ({ key }) =>
      key.slice(0, key.indexOf("/")),
    );
    const givenUpBy = Map.groupBy(this.#documents.read<GivenUpDocument>(givenUp), ({ value }) => value.mapping);
    return kept.map(({ value }) => {
      const { uuid } = value;
      const own = (checkpointsOf.get(uuid) ?? []).map((document): [string, Checkpoint] => [
        document.key.slice(uuid.length + 1),
        checkpointOf(document.value),
      ]);
      const runs = (givenUpBy.get(uuid) ?? []).map((document) => givenUpOf(document.value));
      return mappingOf(value, this.progressOf(uuid, own, runs));
    });
  }
}

/** One mapping's checkpoints by shard, each a document that is written when it moves. */
class KeptCheckpoints {
  readonly #documents: DocumentStore;
  readonly #uuid: string;
  readonly #checkpoints: Map<string, Checkpoint>;

  constructor(documents: DocumentStore, uuid: string, kept: Iterable<[string, Checkpoint]>) {
    this.#documents = documents;
    this.#uuid = uuid;
    this.#checkpoints = new Map(kept);
  }

  get(shardId: string): Checkpoint | undefined {
    return this.#checkpoints.get(shardId);
  }

  set(shardId: string, checkpoint: Checkpoint): void {
    this.#checkpoints.set(shardId, checkpoint);
    this.#documents.put(checkpoints, this.#keyOf(shardId), checkpointDocument(checkpoint));
  }

  delete(shardId: string): void {
    this.#checkpoints.delete(shardId);
    this.#documents.delete(checkpoints, this.#keyOf(shardId));
  }

  clear(): void {
    for (const shardId of this.#checkpoints.keys()) this.delete(shardId);
  }

  keys(): Iterable<string> {
    return this.#checkpoints.keys();
  }

  [Symbol.iterator](): Iterator<[string, Checkpoint]> {
    return this.#checkpoints[Symbol.iterator]();
  }

  #keyOf(shardId: string): string {
    return `${this.#uuid}/${shardId}`;
  }
}
