import type { Health, Info, WorldInfo } from "@localemu/control";
import { sendJson } from "../gateway/reply.ts";
import type { ControlRequest } from "./routes.ts";
import { countsOf } from "./world-counts.ts";

/** What the server and the world of the request are. */
export function info({ world, worlds, version, server }: ControlRequest, about: WorldInfo): Info {
  const { name, endpoint, credentials } = about;
  return {
    version,
    region: world.region,
    accountId: world.accountId,
    world: name,
    credentials,
    endpoint,
    versions: server.versions,
    uptimeMs: server.uptimeMs(),
    options: server.options,
    worlds: worlds.all.map(countsOf),
  };
}

/** Nothing where the answer that it is stopping was sent. */
export function health({ server, version, response }: ControlRequest): Health | undefined {
  const uptimeMs = server.uptimeMs();
  if (!server.stopping()) return { status: "ready", version, uptimeMs };
  sendJson(response, 503, { status: "stopping", version, uptimeMs } satisfies Health);
  return undefined;
}
