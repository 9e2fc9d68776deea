import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { getContainerRuntimeClient, ImageName } from "testcontainers";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The image under test; empty where no Docker engine answers. */
    readonly image: string;
  }
}

/** Not the name of a release: tests must not replace an image that somebody uses. */
const image = "localemu/localemu:test";

/** Builds the image that the container tests run, if Testcontainers finds a Docker engine. */
export default async function provideImage(project: TestProject): Promise<void> {
  const problem = await engineProblem();
  if (problem === undefined) {
    await buildImage();
  } else if (process.env["LOCALEMU_REQUIRE_DOCKER"] === "1") {
    throw new Error(`LOCALEMU_REQUIRE_DOCKER is set, but no Docker engine answers: ${problem}`);
  } else {
    process.stdout.write(`Skipped: the tests of test/container, for no Docker engine answers (${problem}).\n`);
  }
  project.provide("image", problem === undefined ? image : "");
}

/** Asks Testcontainers itself: it may use another engine than DOCKER_HOST names. */
async function engineProblem(): Promise<string | undefined> {
  try {
    await getContainerRuntimeClient();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function buildImage(): Promise<void> {
  const script = fileURLToPath(new URL("../../container-image/build.mjs", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--tag", image], { encoding: "utf8" });
  if (status !== 0) throw new Error(`The image for the container tests could not be built:\n${stdout}${stderr}`);
  const client = await getContainerRuntimeClient();
  if (await client.image.exists(ImageName.fromString(image))) return;
  throw new Error("The command docker built the image on another engine than Testcontainers uses; see DOCKER_HOST");
}
