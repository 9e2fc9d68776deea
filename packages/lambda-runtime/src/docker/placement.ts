import type { Engine } from "./engine.ts";
import { memberOf, textOf } from "./json-member.ts";
import type { Whereabouts } from "./owner.ts";

/** How functions' containers reach this process. */
export interface Placement extends Whereabouts {
  /** The address of ours that servers for them listen on. */
  readonly bind: string;
  /** What they call it. */
  readonly host: string;
  /** The network that they are in; the engine's default one if undefined. */
  readonly network: string | undefined;
  readonly extraHosts: readonly string[];
  /** Labels that they have because our own container has them. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Finds out where this process is, from the engine's point of view. Rejects with EngineError, and with an error that says why no
 * container could reach it.
 *
 * @param own Our own container's id, if we are in one
 */
export async function findPlacement(engine: Engine, own = ownContainer()): Promise<Placement> {
  const self = own === undefined ? undefined : await engine.find(`/containers/${own}/json`);
  // The engine may be another machine's.
  if (own === undefined || self === undefined) return besideHost(engine);
  const beside = besideContainer(own, self);
  if (beside !== undefined) return beside;
  const mode = textOf(self, "HostConfig", "NetworkMode");
  if (mode === "none" || mode.startsWith("container:")) {
    throw new Error(
      `LocalEmu's own container has the network mode ${mode}, in which no function's container reaches it: give it a network of its own, or the machine's (host)`,
    );
  }
  return { ...(await besideHost(engine)), container: own, labels: sessionLabels(self) };
}

/** Our own container's id: Docker mounts a file from its directory as /etc/hostname. */
function ownContainer(): string | undefined {
  const { readFileSync } = process.getBuiltinModule("node:fs");
  try {
    const mounts = readFileSync("/proc/self/mountinfo", "utf8");
    return /\/containers\/([0-9a-f]{64})\/hostname \/etc\/hostname /.exec(mounts)?.[1];
  } catch {
    // No Linux, so no container.
    return undefined;
  }
}

/** In our network, by our address there; a network of its own goes before the default one. Undefined for a container that has no address. */
function besideContainer(container: string, self: unknown): Placement | undefined {
  const networks = Object.entries(memberOf(self, "NetworkSettings", "Networks") ?? {})
    .map(([network, settings]) => ({ network, address: textOf(settings, "IPAddress") }))
    .filter(({ address }) => address !== "")
    .toSorted((a, b) => Number(a.network === "bridge") - Number(b.network === "bridge"));
  const [first] = networks;
  if (first === undefined) return undefined;
  const { network, address } = first;
  return { container, bind: address, host: address, network, extraHosts: [], labels: sessionLabels(self) };
}

/** By the address that the engine's bridge has on this machine; where the engine has a machine of its own, by the name that it gives to ours. */
async function besideHost(engine: Engine): Promise<Placement> {
  const bridge = await engine.find("/networks/bridge");
  const configs = memberOf(bridge, "IPAM", "Config");
  const gateways = (Array.isArray(configs) ? configs : [])
    .map((config: unknown) => textOf(config, "Gateway"))
    .filter((gateway) => gateway !== "");
  const common = { container: undefined, network: undefined, labels: {} };
  for (const gateway of gateways) {
    if (await isOurs(gateway)) return { ...common, bind: gateway, host: gateway, extraHosts: [] };
  }
  const host = "host.docker.internal";
  return { ...common, bind: "127.0.0.1", host, extraHosts: [`${host}:host-gateway`] };
}

/** Whether an address is one of this machine's. Tried out: Node.js does not list the bridge's while no container runs. */
function isOurs(address: string): Promise<boolean> {
  const server = process.getBuiltinModule("node:net").createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(0, address, () => server.close(() => resolve(true)));
  });
}

/** What Testcontainers' reaper removes containers by: theirs goes with ours. */
function sessionLabels(self: unknown): Record<string, string> {
  const labels: [string, unknown][] = Object.entries(memberOf(self, "Config", "Labels") ?? {});
  const kept: [string, string][] = [];
  for (const [name, value] of labels) {
    if (name === "org.testcontainers" || name === "org.testcontainers.session-id") kept.push([name, String(value)]);
  }
  return Object.fromEntries(kept);
}
