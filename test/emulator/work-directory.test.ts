import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListStreamsCommand } from "@aws-sdk/client-kinesis";
import { startEmulator } from "@localemu/emulator";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { clientsAt } from "./emulator.ts";
import { failureOf } from "./failure-of.ts";

test("where no functions can be kept Lambda says so, as soon as they can it works, and all else does anyway", async () => {
  const directory = await mkdtemp(join(tmpdir(), "work-directory-"));
  const workDirectory = join(directory, "work");
  await writeFile(workDirectory, "a file");
  const emulator = await startEmulator({ workDirectory });
  const credentials = { accessKeyId: "any", secretAccessKey: "any" };
  const { kinesis, lambda } = clientsAt({ endpoint: emulator.endpoint, credentials });

  const failure = await failureOf(lambda.send(new ListFunctionsCommand({})));
  expect(failure).toMatch(
    /^500 ServiceException: LocalEmu can keep no functions under .+work \(EEXIST: .+\)\. Let LOCALEMU_TMPDIR name /,
  );
  expect((await kinesis.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
  await rm(workDirectory);
  expect((await lambda.send(new ListFunctionsCommand({}))).Functions).toEqual([]);

  await emulator.stop();
  await rm(directory, { recursive: true });
});
