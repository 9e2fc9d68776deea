import type { StartedTestContainer } from "testcontainers";

/** The port on which LocalEmu listens inside its container: all services, the control API and function URLs. */
export const LOCALEMU_PORT = 4566;

/** Where a started container is reached from here; `connect` makes an IP address of `localhost`. */
export function endpointOf(container: StartedTestContainer): string {
  return `http://${container.getHost()}:${container.getMappedPort(LOCALEMU_PORT)}`;
}
