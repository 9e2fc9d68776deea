import { startLocalEmu } from "../connect.ts";
import type { RunnerOptions } from "./options.ts";

/** An emulator for a run of tests. */
export interface OpenEmulator {
  readonly endpoint: string;
  /** Ends what was started. */
  close(): Promise<void>;
}

interface StartedContainer {
  getEndpoint(): string;
  stop(): Promise<unknown>;
}

/** What a runner's package loads, so that its own optional peers are found. */
export interface ContainerPackages {
  /** Loads `@localemu/testcontainers`. */
  readonly loadLocalEmu: () => Promise<{
    readonly LocalEmuContainer: new () => { start(): Promise<StartedContainer> };
  }>;
  /** Loads `testcontainers`. */
  readonly loadTestcontainers: () => Promise<{ readonly getContainerRuntimeClient: () => Promise<unknown> }>;
}

type LocalEmuContainers = Awaited<ReturnType<ContainerPackages["loadLocalEmu"]>>;

/** Where an emulator runs that is not to be started. What is empty is as none. */
export function runningEndpoint(
  { endpoint }: Pick<RunnerOptions, "endpoint">,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  return endpoint || environment["LOCALEMU_ENDPOINT"] || undefined;
}

/** Starts an emulator, or finds the one that runs. Throws an Error that says what is missing. */
export async function openEmulator(
  options: RunnerOptions,
  environment: Readonly<Record<string, string | undefined>>,
  packages: ContainerPackages,
): Promise<OpenEmulator> {
  const endpoint = runningEndpoint(options, environment);
  switch (options.runtime ?? "auto") {
    case "external":
      if (endpoint === undefined) throw new Error("LocalEmu: runtime external needs an endpoint, or LOCALEMU_ENDPOINT");
      return { endpoint, close: () => Promise.resolve() };
    case "embedded":
      return startEmbedded();
    case "container":
      return startContainer(await loadContainers(packages));
    case "auto": {
      if (endpoint !== undefined) return { endpoint, close: () => Promise.resolve() };
      const containers = await loadContainers(packages).catch(() => undefined);
      if (containers !== undefined && (await engineAnswers(packages))) return startContainer(containers);
      return startEmbedded();
    }
  }
}

async function startEmbedded(): Promise<OpenEmulator> {
  const emu = await startLocalEmu();
  return { endpoint: emu.endpoint, close: () => emu.close() };
}

async function startContainer({ LocalEmuContainer }: LocalEmuContainers): Promise<OpenEmulator> {
  const container = await new LocalEmuContainer().start();
  return {
    endpoint: container.getEndpoint(),
    close: async () => {
      await container.stop();
    },
  };
}

async function loadContainers(packages: ContainerPackages): Promise<LocalEmuContainers> {
  try {
    return await packages.loadLocalEmu();
  } catch (error) {
    const text = "LocalEmu: runtime container needs the packages @localemu/testcontainers and testcontainers";
    throw new Error(text, { cause: error });
  }
}

/** Asks the engine that Testcontainers would use. */
async function engineAnswers({ loadTestcontainers }: ContainerPackages): Promise<boolean> {
  const { getContainerRuntimeClient } = await loadTestcontainers();
  try {
    await getContainerRuntimeClient();
    return true;
  } catch {
    return false;
  }
}
