import { startLocalEmu } from "@localemu/testkit";
import type { LocalEmuPluginOptions } from "./options.ts";

export interface OpenLocalEmu {
  readonly endpoint: string;
  /** Ends what was started. */
  close(): Promise<void>;
}

/** Starts an emulator, or finds the one that runs. Throws an Error that says what is missing. */
export async function openLocalEmu(
  { runtime = "auto", endpoint: given }: LocalEmuPluginOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<OpenLocalEmu> {
  const endpoint = given ?? (environment["LOCALEMU_ENDPOINT"] || undefined);
  switch (runtime) {
    case "external":
      if (endpoint === undefined) throw new Error("LocalEmu: runtime external needs an endpoint, or LOCALEMU_ENDPOINT");
      return { endpoint, close: () => Promise.resolve() };
    case "embedded":
      return startEmbedded();
    case "container":
      return startContainer(await loadContainers());
    case "auto": {
      if (endpoint !== undefined) return { endpoint, close: () => Promise.resolve() };
      const containers = await loadContainers().catch(() => undefined);
      if (containers !== undefined && (await engineAnswers())) return startContainer(containers);
      return startEmbedded();
    }
  }
}

async function startEmbedded(): Promise<OpenLocalEmu> {
  const emu = await startLocalEmu();
  return { endpoint: emu.endpoint, close: () => emu.close() };
}

interface Containers {
  readonly LocalEmuContainer: new () => { start(): Promise<StartedContainer> };
}

interface StartedContainer {
  getEndpoint(): string;
  stop(): Promise<unknown>;
}

async function startContainer({ LocalEmuContainer }: Containers): Promise<OpenLocalEmu> {
  const container = await new LocalEmuContainer().start();
  return {
    endpoint: container.getEndpoint(),
    close: async () => {
      await container.stop();
    },
  };
}

async function loadContainers(): Promise<Containers> {
  try {
    return await import("@localemu/testcontainers");
  } catch (error) {
    const text = "LocalEmu: runtime container needs the packages @localemu/testcontainers and testcontainers";
    throw new Error(text, { cause: error });
  }
}

/** Asks the engine that Testcontainers would use. */
async function engineAnswers(): Promise<boolean> {
  const { getContainerRuntimeClient } = await import("testcontainers");
  try {
    await getContainerRuntimeClient();
    return true;
  } catch {
    return false;
  }
}
