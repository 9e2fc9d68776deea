import type { Engine } from "./engine.ts";
import { memberOf, textOf } from "./json-member.ts";

/** Names the process that a container belongs to. */
export const OWNER_LABEL = "localemu.owner";

/** Where this process runs, as the engine sees it. */
export interface Whereabouts {
  /** The container that it is in; undefined where it runs on a machine itself, or the engine does not know it. */
  readonly container: string | undefined;
}

/** Names this process so that another one can tell later whether it is still there. */
export function ownerOf({ container }: Whereabouts): string {
  const where = container === undefined ? `host/${machine()}` : `container/${container}`;
  return `${where}/${process.pid}/${startedAt(process.pid)}`;
}

/**
 * Removes the containers of owners that were killed. Whether an owner on another machine, or in another container that runs,
 * is still there cannot be seen from here: those are left alone.
 */
export async function removeOrphans(engine: Engine, self: Whereabouts): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ label: [OWNER_LABEL] }));
  const containers = await engine.call("GET", `/containers/json?all=1&filters=${filters}`);
  if (!Array.isArray(containers)) return;
  const removals = containers.map(async (container: unknown) => {
    if (!(await isGone(engine, self, textOf(container, "Labels", OWNER_LABEL)))) return;
    await removeContainer(engine, textOf(container, "Id"));
  });
  await Promise.all(removals);
}

/** Ends and removes a container; one that is being removed, or gone, is no error. */
export async function removeContainer(engine: Engine, id: string): Promise<void> {
  try {
    await engine.call("DELETE", `/containers/${id}?force=1&v=1`);
  } catch (error) {
    const status = memberOf(error, "status");
    if (status !== 404 && status !== 409) throw error;
  }
}

async function isGone(engine: Engine, self: Whereabouts, owner: string): Promise<boolean> {
  const [kind, place = "", pid, started] = owner.split("/");
  const isHere = kind === "host" ? self.container === undefined && place === machine() : place === self.container;
  if (isHere) return startedAt(Number(pid)) !== started;
  if (kind !== "container") return false;
  const other = await engine.find(`/containers/${place}/json`);
  return memberOf(other, "State", "Running") !== true;
}

/**
 * Where a process number means the same process. Changes when the machine starts anew, where that can be seen; containers that
 * the engine does not know have numbers of their own on the same machine.
 */
function machine(): string {
  const name = readText("/proc/sys/kernel/random/boot_id").trim() || process.getBuiltinModule("node:os").hostname();
  return `${name}.${processNamespace()}`;
}

function processNamespace(): string {
  try {
    return /\d+/.exec(process.getBuiltinModule("node:fs").readlinkSync("/proc/self/ns/pid"))?.[0] ?? "";
  } catch {
    // Only Linux has them.
    return "";
  }
}

/** When a process began, in units of the system; `running` where that cannot be seen, empty where there is no such process. */
function startedAt(pid: number): string {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (memberOf(error, "code") !== "EPERM") return "";
  }
  // The fields after the program's name, which may hold anything, begin with the third one; the 22nd is the start.
  const stat = readText(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "running";
}

function readText(path: string): string {
  try {
    return process.getBuiltinModule("node:fs").readFileSync(path, "utf8");
  } catch {
    // Only Linux has it.
    return "";
  }
}
