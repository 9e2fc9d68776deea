import type { Executor } from "../environment/executor.ts";
import { hostTime } from "../host-time.ts";
import { executorAt } from "../process/process-executor.ts";
import { type AddressedVariables, ContainerSite, type Settled } from "./container-site.ts";
import { Engine, EngineError } from "./engine.ts";
import { textOf } from "./json-member.ts";
import { ImageExtensions } from "./image-extensions.ts";
import { findImage, pullImage, type FoundImage } from "./images.ts";
import { removeOrphans } from "./owner.ts";
import { findPlacement } from "./placement.ts";

/** Options of {@link createDocker}. */
export interface DockerOptions {
  /** Where the engine is: `unix://`, `npipe://` or `tcp://`, as in `DOCKER_HOST`. Default `unix:///var/run/docker.sock`. */
  readonly engine?: string;
  /**
   * Host milliseconds without an invocation after which a function's containers are paused, as AWS freezes environments; 0 for
   * never. Default 1000.
   */
  readonly pauseAfterMs?: number;
  /**
   * Changes a variable that the function has by default, given the address by which its container reaches this process:
   * `127.0.0.1` in an endpoint leads nowhere from there. Called when the first function starts, with the address of this
   * process that containers reach, and before that is listened on. Default: variables stay.
   */
  readonly onAddress?: (address: { readonly bind: string; readonly host: string }) => Promise<AddressedVariables>;
}

/** A Docker engine that runs functions in containers; see {@link createDocker}. */
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

/** Resolves when a Docker engine has answered; rejects with {@link EngineError} if none has within so many milliseconds. */
export async function reachEngine(host: string, limitMs: number): Promise<void> {
  try {
    const answer = await new Engine(host).limited(hostTime, limitMs, (engine) => engine.call("GET", "/version"));
    if (textOf(answer, "ApiVersion") !== "") return;
  } catch (error) {
    if (error instanceof EngineError && error.status === 0) throw error;
  }
  throw new EngineError(0, `what answers at ${host} is no Docker engine`);
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
  const imageExtensions = new ImageExtensions((work) => engine.limited(hostTime, ASK_LIMIT_MS, work));
  const pauseAfterMs = options.pauseAfterMs ?? PAUSE_AFTER_MS;
  const containers = new Set<string>();
  let settled: Promise<Settled> | undefined;
  const settle = async (): Promise<Settled> => {
    const placement = await engine.limited(hostTime, ASK_LIMIT_MS, async (limited) => {
      const found = await findPlacement(limited);
      await removeOrphans(limited, found);
      return found;
    });
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
    findImage: (uri) => engine.limited(hostTime, ASK_LIMIT_MS, (limited) => findImage(limited, uri)),
    pullImage: (uri, signal) => pullImage(signal === undefined ? engine : engine.within(signal), uri),
    executor: {
      launch(launch, events) {
        const site = new ContainerSite({
          engine,
          settle: settledOnce,
          imageExtensions,
          pauseAfterMs: pauseAfterMs === 0 ? undefined : pauseAfterMs,
          onContainer: (id, exists) => (exists ? containers.add(id) : containers.delete(id)),
        });
        return executorAt(site).launch(launch, events);
      },
    },
    killAll: () => removeNow(engine, [...containers]),
  };
}

/** Long enough for what is sent after a response to be on its way. */
const PAUSE_AFTER_MS = 1000;

/** How long the engine may take to tell what is asked of it before containers start, host milliseconds. */
const ASK_LIMIT_MS = 20_000;

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
