import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { getContainerRuntimeClient, ImageName } from "testcontainers";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The image under test; empty where no Docker engine answers. */
    readonly image: string;
  }
}

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Not the name of a release, and another one for each checkout: tests must not replace an image that somebody uses. */
const image =
  process.env["LOCALEMU_TEST_IMAGE"] ??
  `localemu/localemu:test-${createHash("sha256").update(repository).digest("hex").slice(0, 8)}`;

/** Builds the image that the container tests run, if Testcontainers finds a Docker engine. */
export default async function provideImage(project: TestProject): Promise<void> {
  const problem = await engineProblem();
  if (problem === undefined) {
    await buildImage(image);
  } else if (process.env["LOCALEMU_REQUIRE_DOCKER"] === "1") {
    throw new Error(`LOCALEMU_REQUIRE_DOCKER is set, but no Docker engine answers: ${problem}`);
  } else {
    process.stdout.write(`Skipped: the tests of test/container, for no Docker engine answers (${problem}).\n`);
  }
  project.provide("image", problem === undefined ? image : "");
}

/** Why there is no Docker engine. Asks Testcontainers itself: it may use another one than DOCKER_HOST names. */
export async function engineProblem(): Promise<string | undefined> {
  try {
    await getContainerRuntimeClient();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Builds the image from the built packages. */
export async function buildImage(name: string): Promise<void> {
  const script = join(repository, "container-image", "build.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--tag", name], { encoding: "utf8" });
  if (status !== 0) throw new Error(`The image for the container tests could not be built:\n${stdout}${stderr}`);
  const client = await getContainerRuntimeClient();
  if (await client.image.exists(ImageName.fromString(name))) return;
  throw new Error("The command docker built the image on another engine than Testcontainers uses; see DOCKER_HOST");
}
