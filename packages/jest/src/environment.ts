import { connect } from "@localemu/testkit";
import {
  addressOf,
  addToStepSummary,
  appendToError,
  failureTimeline,
  newestEntry,
  openWorld,
  type OpenWorld,
  type RunnerOptions,
  setVariables,
} from "@localemu/testkit/runner";
import { TestEnvironment as NodeEnvironment } from "jest-environment-node";
import { type FileWorld, setFileWorld } from "./file-world.ts";
import { announcedEndpoint, fileOptions } from "./run.ts";

type Arguments = ConstructorParameters<typeof NodeEnvironment>;

interface NamedTest {
  readonly name: string;
  /** The describe block that it is in; the outermost one is Jest's own. */
  readonly parent?: NamedTest | undefined;
}

/** What is read of the events of Jest's runner. */
export interface TestEvent {
  readonly name: string;
  readonly test?: NamedTest & { readonly errors: readonly unknown[] };
}

/**
 * Jest's environment for Node.js, with a world for each test file: clients that are made without configuration reach it, it is
 * `emu` of `@localemu/jest`, and a failed test shows the end of its timeline. A file sets options in its first comment.
 *
 * @example
 * ```ts
 * /**
 *  * @localemu-clock frozen
 *  * @localemu-isolation test
 *  *\/
 * ```
 */
export class TestEnvironment extends NodeEnvironment {
  readonly #options: RunnerOptions;
  #world: OpenWorld | undefined;
  #fileWorld: FileWorld | undefined;
  #newest: number | undefined;
  /** Of the tests whose last attempt failed. */
  readonly #timelines = new Map<NamedTest, string>();

  constructor(...[config, context]: Arguments) {
    super(config, context);
    this.#options = fileOptions(config.projectConfig.testEnvironmentOptions, context.docblockPragmas);
  }

  override async setup(): Promise<void> {
    await super.setup();
    this.#world = await openWorld(await connect(announcedEndpoint(process.env)), this.#options);
    const { emu } = this.#world;
    // The file has variables of its own, which go with it: there is nothing to restore.
    setVariables(this.global.process.env, emu.getEnvironment());
    this.#fileWorld = setFileWorld(this.global, await addressOf(emu));
  }

  override async teardown(): Promise<void> {
    for (const [test, text] of this.#timelines) addToStepSummary(fullName(test), text, process.env);
    // Each ends, whatever becomes of the others: closing tells what ended an attached handler.
    const ends = await Promise.allSettled((this.#fileWorld?.joined ?? []).map((emu) => emu.close()));
    try {
      await this.#world?.end();
    } finally {
      await super.teardown();
    }
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  /** Called by Jest, which waits for it. */
  async handleTestEvent({ name, test }: TestEvent): Promise<void> {
    if (this.#world === undefined) return;
    if (name === "test_start") await this.#beginTest(this.#world);
    if (name === "test_done") await this.#endTest(this.#world, test);
  }

  async #beginTest(world: OpenWorld): Promise<void> {
    if (this.#options.isolation === "test") await world.empty();
    this.#newest = await newestEntry(world.emu);
  }

  async #endTest({ emu }: OpenWorld, test: TestEvent["test"]): Promise<void> {
    const { errors = [] } = test ?? {};
    if (test === undefined) return;
    this.#timelines.delete(test);
    if (errors.length === 0) return;
    const text = await failureTimeline(emu, this.#newest);
    this.#timelines.set(test, text);
    // Jest keeps an error that was thrown beside one that tells where its test is.
    for (const [error] of errors.map((entry) => (Array.isArray(entry) ? entry : [entry])))
      if (hasMessage(error)) appendToError(error, text);
  }
}

function fullName({ name, parent }: NamedTest): string {
  return parent?.parent === undefined ? name : `${fullName(parent)} > ${name}`;
}

function hasMessage(error: unknown): error is { message: string; stack?: string } {
  return typeof error === "object" && error !== null && "message" in error && typeof error.message === "string";
}

export default TestEnvironment;
