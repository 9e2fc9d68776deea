import type { Runtime } from "@aws-sdk/client-lambda";

/** What runs functions here. */
export interface Executors {
  /** A Docker engine may be used. */
  readonly docker: boolean;
  /** What runs a function that processes of this machine could run as well. */
  readonly preferred: "process" | "docker";
}

/**
 * What runs a function from a zip; undefined where nothing here does. Node.js is always there, and a process of it starts ten
 * times as fast as a container; whoever has a Docker engine wants all others as they are on AWS. Whether there is a Python
 * shows when a function is invoked: it can be made, and a handler attached to it, without.
 */
export function executorOf(runtime: Runtime, executors: Executors): "process" | "docker" | undefined {
  const { docker, preferred } = executors;
  if (docker && (preferred === "docker" || !isNode(runtime))) return "docker";
  return runsInProcess(runtime) ? "process" : undefined;
}

/** What would have to be switched on for a runtime that nothing runs. */
export function missingExecutor(runtime: Runtime): string {
  return `LocalEmu runs functions of the runtime ${runtime} by a Docker engine, which it uses with the option docker (LOCALEMU_DOCKER=1); this one was started without.`;
}

function runsInProcess(runtime: Runtime): boolean {
  if (runtime === "provided.al2023" || runtime === "provided.al2") return true;
  return isNode(runtime) || runtime.startsWith("python3.");
}

// The oldest whose rules the runtime client has.
function isNode(runtime: Runtime): boolean {
  return runtime.startsWith("nodejs") && runtime !== "nodejs16.x";
}
