import type { Launch } from "../environment/executor.ts";
import { findExtensions } from "../process/extension-processes.ts";
import { containerEnvironment } from "../process/function-environment.ts";
import type { RuntimeProcess } from "../process/launch-process.ts";
import type { Freezer, Site, StartOptions } from "../process/site.ts";
import type { Engine } from "./engine.ts";
import { type ContainerPlace, extensionContainer, filesOf, labelsOf, runtimeContainer } from "./function-container.ts";
import type { ImageExtensions } from "./image-extensions.ts";
import { launchContainer } from "./launch-container.ts";
import { Pausing } from "./pausing.ts";
import type { Placement } from "./placement.ts";

/** Variables for functions in containers, made from those that a function has by default. */
export type AddressedVariables = (defaults: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;

/** What is known once the engine has been asked. */
export interface Settled {
  readonly placement: Placement;
  readonly variables: AddressedVariables;
}

export interface ContainerSiteOptions {
  readonly engine: Engine;
  readonly settle: () => Promise<Settled>;
  readonly imageExtensions: ImageExtensions;
  /** Host milliseconds; undefined for never. */
  readonly pauseAfterMs: number | undefined;
  /** Called with the id when a container exists, and when it is gone. */
  readonly onContainer: (id: string, exists: boolean) => void;
}

/** A container of its own for the runtime of one execution, and one for each of its extensions; they share their network and `/tmp`. */
export class ContainerSite implements Site {
  readonly freezer?: Freezer;
  readonly #options: ContainerSiteOptions;
  readonly #running = new Set<string>();
  readonly #pausing: Pausing;
  /** Ends what is still asked of the engine when all containers are gone. */
  readonly #over = new AbortController();
  #settled: Settled | undefined;
  /** The container whose network the others are in: undefined if it could not be started. */
  #first: Promise<string | undefined> | undefined;
  #processes = 0;
  #killFirst: (() => void) | undefined;
  #report: (message: string) => void = () => undefined;

  constructor(options: ContainerSiteOptions) {
    this.#options = options;
    this.#pausing = new Pausing(options.engine.within(this.#over.signal), this.#running, (problem) =>
      this.#report(`LocalEmu: the Docker engine does not freeze the function: ${problem}\n`),
    );
    const { pauseAfterMs } = options;
    if (pauseAfterMs === undefined) return;
    const freeze = (): void => this.#pausing.pause();
    this.freezer = { afterMs: pauseAfterMs, freeze, thaw: () => void this.#pausing.unpause() };
  }

  async place(): Promise<Placement> {
    this.#settled = await this.#options.settle();
    return this.#settled.placement;
  }

  async findExtensions({ image, functionName, runtime, optRoot }: Launch["spec"]): Promise<readonly string[]> {
    const labels = labelsOf(this.#known().placement, functionName);
    const inImage = await this.#options.imageExtensions.of(image?.id ?? "", labels);
    const inLayers = runtime === "" ? [] : findExtensions(optRoot).map((file) => `/opt/extensions/${nameOf(file)}`);
    return [...new Set([...inImage, ...inLayers])].toSorted((one, other) => (one < other ? -1 : 1));
  }

  environment({ spec, logStream }: Launch, runtimeApi: string): Record<string, string> {
    const defaultEnvironment = this.#known().variables(spec.defaultEnvironment ?? {});
    return containerEnvironment({ ...spec, defaultEnvironment }, { runtimeApi, logStream });
  }

  start({ spec, hostTime }: Launch, options: StartOptions): RuntimeProcess {
    const { engine } = this.#options;
    return this.#launch({ spec, hostTime }, options, async (place) =>
      runtimeContainer(engine, spec, place, options.environment),
    );
  }

  startExtension({ spec, hostTime }: Launch, file: string, options: StartOptions): RuntimeProcess {
    const isFirst = this.#first === undefined;
    let started: (id: string | undefined) => void = () => undefined;
    if (isFirst) {
      this.#first = new Promise((resolve) => {
        started = resolve;
      });
    }
    const launched = this.#launch(
      { spec, hostTime },
      options,
      async (place) => extensionContainer(spec, place, options.environment, file),
      isFirst ? started : undefined,
    );
    return isFirst ? this.#lastToGo(launched) : launched;
  }

  #launch(
    { spec, hostTime }: Pick<Launch, "spec" | "hostTime">,
    { onMessage, onStarted }: StartOptions,
    request: (place: ContainerPlace) => Promise<object>,
    onFirst?: (id: string | undefined) => void,
  ): RuntimeProcess {
    const { engine, onContainer } = this.#options;
    this.#report = (message) => onMessage(message, undefined);
    this.#processes += 1;
    const launched = launchContainer({
      engine,
      hostTime,
      container: async () => request(await this.#place(onFirst !== undefined)),
      files: () => filesOf(spec),
      awake: () => this.#pausing.unpause(),
      onMessage,
      onStarted: (id) => {
        this.#running.add(id);
        onFirst?.(id);
        onStarted();
      },
      onContainer: (id, exists) => {
        if (!exists) this.#running.delete(id);
        onContainer(id, exists);
      },
    });
    void this.#outlast(launched, onFirst);
    return launched;
  }

  async #outlast({ exited }: RuntimeProcess, onFirst?: (id: undefined) => void): Promise<void> {
    await exited;
    // Those that wait for it learn that it did not start.
    onFirst?.(undefined);
    this.#processes -= 1;
    if (this.#processes === 1) this.#killFirst?.();
    if (this.#processes === 0) this.#over.abort();
  }

  /** Of a first extension in the end all others hang: it ends after them. */
  #lastToGo(process: RuntimeProcess): RuntimeProcess {
    const kill = (): void => {
      this.#killFirst = () => process.kill();
      if (this.#processes === 1) process.kill();
    };
    return { ...process, kill };
  }

  async #place(isFirst: boolean): Promise<ContainerPlace> {
    const { placement } = this.#known();
    if (isFirst) return { placement, sharing: "first" };
    if (this.#first === undefined) return { placement, sharing: undefined };
    const first = await this.#first;
    if (first === undefined) throw new Error("the container of the first extension did not start");
    return { placement, sharing: { first } };
  }

  #known(): Settled {
    if (this.#settled === undefined) throw new Error("a container was asked for before it had a place");
    return this.#settled;
  }
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}
