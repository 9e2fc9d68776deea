import type { ControlClient, PeekedFunction } from "@localemu/control";
import { decodeText } from "./decode.ts";
import {
  batchOf,
  decodeInvocation,
  type FunctionBatch,
  type FunctionHistory,
  type FunctionInvocation,
} from "./delivered.ts";
import { type ListenOptions, mappingInput } from "./listen-options.ts";
import { MappingHandle, settledMapping } from "./mapping-handle.ts";
import { type FunctionSubject, subject } from "./matchers/subject.ts";
import type { TableHandle } from "./table-handle.ts";

/** What a mapping reads: of a table, its stream. */
async function arnOf(source: { readonly arn: string } | TableHandle | string): Promise<string> {
  if (typeof source === "string") return source;
  return "streamArn" in source ? source.streamArn() : source.arn;
}

/** What an invocation gave. */
export interface InvokeAnswer {
  /** What the function answered, JSON parsed; the error document where it failed. */
  readonly payload: unknown;
  /** `Unhandled` where the function failed; undefined on success. */
  readonly functionError: string | undefined;
}

/**
 * A Lambda function of a world. It may be given to `expect` for the matchers of functions.
 *
 * @example
 * ```ts
 * const fn = emu.function("orders-fn");
 * const mapping = await fn.listen(stream, { batchSize: 10, bisectOnError: true, maxRetries: 2, onFailure: dlq });
 * await expect(fn).toHaveBatches([[{ id: 1 }, { id: 2 }]]);
 * ```
 */
export class FunctionHandle {
  readonly name: string;
  readonly arn: string;
  readonly #control: ControlClient;

  /** Use `emu.function(…)`. */
  constructor(control: ControlClient, name: string, arn: string) {
    this.#control = control;
    this.name = name;
    this.arn = arn;
  }

  /**
   * Makes an event source mapping and waits until it is in force (or, with `enabled: false`, there).
   * Throws ControlError as CreateEventSourceMapping does.
   */
  async listen(
    source: { readonly arn: string } | TableHandle | string,
    options: ListenOptions = {},
  ): Promise<MappingHandle> {
    const sourceArn = await arnOf(source);
    const [newest] = await this.#control.timeline({ limit: 1 });
    const input = mappingInput(this.name, sourceArn, options);
    const { UUID: uuid } = await this.#control.call("lambda", "CreateEventSourceMapping", input);
    await settledMapping(this.#control, String(uuid), newest?.id ?? 0);
    return new MappingHandle(this.#control, String(uuid));
  }

  /** Invokes the function with `event` as JSON and waits for its answer. Throws ControlError as Invoke does. */
  async invoke(event?: unknown): Promise<InvokeAnswer> {
    const output = await this.#control.call("lambda", "Invoke", {
      FunctionName: this.name,
      ...(event !== undefined && { Payload: Buffer.from(JSON.stringify(event)).toString("base64") }),
    });
    const { Payload: payload, FunctionError: functionError } = output;
    const bytes = Buffer.from(typeof payload === "string" ? payload : "", "base64");
    return {
      payload: decodeText(bytes.toString("utf8")),
      functionError: typeof functionError === "string" ? functionError : undefined,
    };
  }

  /** State, concurrency and environments. */
  peek(): Promise<PeekedFunction> {
    return this.#control.peek.function(this.name);
  }

  /** What it was invoked with and what it answered, oldest first: the last 1000, or 8 MiB. */
  async invocations(): Promise<readonly FunctionInvocation[]> {
    return (await this.#history()).invocations;
  }

  /** The batches that it was given, as they were delivered: retries and halves of split batches are batches of their own. */
  async batches(): Promise<readonly FunctionBatch[]> {
    return (await this.invocations()).flatMap((invocation) => batchOf(invocation) ?? []);
  }

  /** What the matchers read. */
  get [subject](): FunctionSubject {
    return { kind: "function", name: this.name, world: this.#control, read: () => this.#history() };
  }

  async #history(): Promise<FunctionHistory> {
    const { invoked, invocations } = await this.peek();
    return { invoked, invocations: invocations.map(decodeInvocation) };
  }
}
