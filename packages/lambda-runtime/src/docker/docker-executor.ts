import type { Executor, Launch } from "../environment/executor.ts";
import { executorAt } from "../process/process-executor.ts";
import { imageEnvironment } from "../process/function-environment.ts";
import type { Site } from "../process/site.ts";
import { Engine } from "./engine.ts";
import { findImage, pullImage, type FoundImage } from "./images.ts";
import { textsOf } from "./json-member.ts";
import { launchContainer } from "./launch-container.ts";
import { OWNER_LABEL, ownerOf, removeOrphans } from "./owner.ts";
import { findPlacement, type Placement } from "./placement.ts";

/** Options of {@link createDocker}. */
export interface DockerOptions {
  /** Where the engine is: `unix://`, `npipe://` or `tcp://`, as in `DOCKER_HOST`. Default `unix:///var/run/docker.sock`. */
  readonly engine?: string;
  /**
   * Changes a variable that the function has by default, given the address by which its container reaches this process:
   * `127.0.0.1` in an endpoint leads nowhere from there. Called when the first function starts, with the address of this
   * process that containers reach, and before that is listened on. Default: variables stay.
   */
  readonly onAddress?: (address: { readonly bind: string; readonly host: string }) => Promise<AddressedVariables>;
}

/** Variables for functions in containers, made from those that a function has by default. */
export type AddressedVariables = (defaults: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;

/** A Docker engine that runs functions which are container images; see {@link createDocker}. */
export interface Docker {
  /** The image of that name, if the engine has it. Rejects with {@link EngineError} where no engine answers. */
  findImage(uri: string): Promise<FoundImage | undefined>;
  /** Gets an image from its registry. Rejects with {@link EngineError}, whose message says why it cannot be had. */
  pullImage(uri: string, signal?: AbortSignal): Promise<FoundImage>;
  /** Removes all containers without giving way to anything else, for a host's `exit` event. */
  killAll(): void;
  /** For {@link LambdaRuntimeOptions.docker}. */
  readonly executor: Executor;
}

/**
 * Connects to a Docker engine, when it is first needed; then also removes the containers of processes that were killed before they
 * could.
 *
 * @example
 * const runtime = createLambdaRuntime({ docker: createDocker() });
 */
export function createDocker(options: DockerOptions = {}): Docker {
  const engine = new Engine(options.engine ?? "unix:///var/run/docker.sock");
  const containers = new Set<string>();
  let settled: Promise<Settled> | undefined;
  const settle = async (): Promise<Settled> => {
    const placement = await findPlacement(engine);
    await removeOrphans(engine, placement);
    const variables = await options.onAddress?.(placement);
    return { placement, variables: variables ?? ((defaults) => defaults) };
  };
  const settledOnce = (): Promise<Settled> => {
    settled ??= settle().catch((error: unknown) => {
      // Whoever asks next tries again.
      settled = undefined;
      throw error;
    });
    return settled;
  };
  return {
    findImage: (uri) => findImage(engine, uri),
    pullImage: (uri, signal) => pullImage(engine, uri, signal),
    executor: {
      launch: (launch, events) => executorAt(siteOf(engine, settledOnce, containers)).launch(launch, events),
    },
    killAll: () => removeNow(engine, [...containers]),
  };
}

interface Settled {
  readonly placement: Placement;
  readonly variables: AddressedVariables;
}

/** Containers beside this process. */
function siteOf(engine: Engine, settle: () => Promise<Settled>, containers: Set<string>): Site {
  let settled: Settled | undefined;
  return {
    async place() {
      settled = await settle();
      return settled.placement;
    },
    // Those in the image are not to be seen from here.
    findExtensions: () => [],
    environment({ spec, logStream }, runtimeApi) {
      const defaultEnvironment = settled?.variables(spec.defaultEnvironment ?? {}) ?? {};
      return imageEnvironment({ ...spec, defaultEnvironment }, { runtimeApi, logStream });
    },
    start: (launch, { environment, onMessage, onStarted }) =>
      launchContainer({
        engine,
        container: () => containerOf(engine, launch, environment, settled?.placement),
        onMessage,
        onStarted,
        onContainer: (id, exists) => (exists ? containers.add(id) : containers.delete(id)),
      }),
  };
}

async function containerOf(
  engine: Engine,
  { spec }: Launch,
  environment: Readonly<Record<string, string>>,
  placement: Placement | undefined,
): Promise<object> {
  const { image, functionName, memorySizeMb } = spec;
  if (image === undefined || placement === undefined) throw new Error(`${functionName} is no container image`);
  const { id, entryPoint, command, workingDirectory } = image;
  // Assumed: each member takes the place of the image's own by itself. Docker would drop the command with the entry point.
  const kept = entryPoint !== undefined && command === undefined ? await commandOf(engine, id) : command;
  const memory = memorySizeMb * 1024 * 1024;
  return {
    Image: id,
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    ...(entryPoint === undefined ? {} : { Entrypoint: entryPoint }),
    ...(kept === undefined ? {} : { Cmd: kept }),
    ...(workingDirectory === undefined ? {} : { WorkingDir: workingDirectory }),
    Labels: { ...placement.labels, [OWNER_LABEL]: ownerOf(placement), "localemu.function": functionName },
    HostConfig: {
      // Also where nobody is left who would remove it.
      AutoRemove: true,
      // It is read from the attached output, and kept nowhere else.
      LogConfig: { Type: "none" },
      Memory: memory,
      MemorySwap: memory,
      ExtraHosts: placement.extraHosts,
      ...(placement.network === undefined ? {} : { NetworkMode: placement.network }),
    },
  };
}

async function commandOf(engine: Engine, image: string): Promise<string[]> {
  return textsOf(await engine.find(`/images/${encodeURIComponent(image)}/json`), "Config", "Cmd");
}

/** Longest time that removing takes at the end, milliseconds. */
const REMOVE_LIMIT_MS = 5000;

/** In a process of its own, for which this one waits: nothing that takes more than a turn of the event loop is done at its end. */
function removeNow(engine: Engine, containers: readonly string[]): void {
  if (containers.length === 0) return;
  const requests = containers.map((id) => ({
    ...engine.address,
    method: "DELETE",
    path: `/containers/${id}?force=1&v=1`,
  }));
  const script = `for (const options of ${JSON.stringify(requests)}) require("node:http").request(options, (response) => response.resume()).on("error", () => {}).end();`;
  process
    .getBuiltinModule("node:child_process")
    .spawnSync(process.execPath, ["-e", script], { stdio: "ignore", timeout: REMOVE_LIMIT_MS });
}
