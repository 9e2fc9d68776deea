import { LocalEmuContainer } from "@localemu/testcontainers";
import { getContainerRuntimeClient } from "testcontainers";
import { inject } from "vitest";

/** Whether the tests' set-up found a Docker engine and built the image; the tests of this folder run if so. */
export const hasDocker: boolean = inject("image") !== "";

/** A container of the image under test. */
export function testContainer(): LocalEmuContainer {
  return new LocalEmuContainer(inject("image"));
}

/** Removes a container that was stopped, and gives what Docker last said of it. */
export async function removeStopped(id: string) {
  const client = await getContainerRuntimeClient();
  const container = client.container.getById(id);
  const last = await container.inspect();
  await container.remove();
  return last;
}

/** What Docker says of a container. */
export async function inspect(id: string) {
  const { container } = await getContainerRuntimeClient();
  return container.getById(id).inspect();
}
