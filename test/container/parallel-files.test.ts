import { expect, test } from "vitest";
import { installPackages } from "../packages/installation.ts";
import { runParallelFiles } from "../proof/parallel-files.ts";
import { project } from "../proof/vitest-run.ts";
import { hasDocker, testContainer } from "./container.ts";

test.runIf(hasDocker)("8 test files at the same time on one container see nothing of each other", async () => {
  await using installation = await installPackages(project);
  await using container = await testContainer().start();
  expect(await runParallelFiles(installation, container.getEndpoint())).toBeUndefined();
});
